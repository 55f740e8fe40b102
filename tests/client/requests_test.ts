import assert from "node:assert/strict";
import { Requests } from "../../lib/client/requests.ts";
import { OndacastError } from "../../lib/errors.ts";
import type { ToClient } from "../../lib/wire/messages.ts";

const PONG: ToClient = { type: "pong" };
const LOST = new OndacastError("lost", "Lost it");

/** Requests, and an owner that records what it gets. */
function setUp(answers = 1) {
  const requests = new Requests();
  const got: string[] = [];
  const owner = {
    expects: "pong",
    answered: ({ type }: ToClient) => got.push(type) < answers,
    failed: ({ code }: OndacastError) => void got.push(code),
  };
  return { requests, got, owner };
}

Deno.test("answer() hands as many answers to an owner as it expects", () => {
  const { requests, got, owner } = setUp(2);
  const id = requests.add(owner);
  const handed = [1, 2, 3].map(() => requests.answer(id, PONG));
  assert.deepEqual(handed, [true, true, false]);
  assert.deepEqual(got, ["pong", "pong"]);
});

Deno.test("answer() and fail() hand nothing on that no request waits for", () => {
  const { requests, got, owner } = setUp();
  requests.add(owner);
  for (const id of [undefined, 99, "1"]) {
    assert.equal(requests.answer(id, PONG), false);
    assert.equal(requests.fail(id, LOST), false);
  }
  assert.deepEqual(got, []);
});

Deno.test("answer() fails an owner that expects another type", () => {
  const { requests, got, owner } = setUp();
  const id = requests.add(owner);
  assert.equal(requests.answer(id, { type: "receiving", on: true }), true);
  assert.equal(requests.answer(id, PONG), false);
  assert.deepEqual(got, ["bad-message"]);
});

Deno.test("an owner that asks again while it fails is not failed twice", () => {
  const { requests, got } = setUp();
  const owner = {
    expects: "pong",
    answered: () => false,
    failed: ({ code }: OndacastError) => {
      if (got.push(code) < 3) requests.add(owner);
    },
  };
  requests.add(owner);
  requests.failAll(LOST);
  assert.deepEqual(got, ["lost"]);
});

Deno.test("isFull holds once 1,024 requests wait", () => {
  const { requests, owner } = setUp();
  const ids = Array.from({ length: 1023 }, () => requests.add(owner));
  assert.equal(requests.isFull, false);
  requests.add(owner);
  assert.equal(requests.isFull, true);
  requests.answer(ids[0], PONG);
  assert.equal(requests.isFull, false);
});
