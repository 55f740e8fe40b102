import assert from "node:assert/strict";
import {
  answerRpc,
  type Call,
  MOST_REQUESTS,
  NoMethod,
} from "../../lib/adapters/snapcast/json_rpc.ts";
import { OndacastError } from "../../lib/errors.ts";

const called: [string, unknown][] = [];
const call: Call = (method, params) => {
  called.push([method, params]);
  if (method === "echo") return params;
  if (method === "long") return "x".repeat(600_000);
  if (method === "broken") throw new TypeError("secret");
  if (method === "missing") throw new OndacastError("not-found", "None");
  if (method === "busy") throw new OndacastError("busy", "Later");
  throw new NoMethod();
};

async function answered(text: string) {
  const answer = await answerRpc(new TextEncoder().encode(text), call);
  return answer === null ? null : JSON.parse(answer);
}

const request = (method: string, id?: unknown, params?: unknown) => ({
  ...{ jsonrpc: "2.0", method },
  ...(id !== undefined && { id }),
  ...(params !== undefined && { params }),
});

const ERRORS: [string, unknown, number, unknown][] = [
  ["no JSON", "junk", -32700, null],
  ["JSON that is nested deeper than any request", "[".repeat(60), -32700, null],
  ["an empty batch", [], -32600, null],
  ["another version", { ...request("echo", 1), jsonrpc: "1.0" }, -32600, null],
  ["no method", { jsonrpc: "2.0", id: 1 }, -32600, null],
  ["an id that is an object", request("echo", {}), -32600, null],
  ["a number alone", 7, -32600, null],
  ["a method that there is not", request("nope", 3), -32601, 3],
  ["what is not found", request("missing", "a"), -32602, "a"],
  ["what has to wait", request("busy", null), -32000, null],
  ["a failure of ours", request("broken", 4), -32603, 4],
];

for (const [what, value, code, id] of ERRORS) {
  Deno.test(`answerRpc() answers ${code} to ${what}`, async () => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const { error, ...rest } = await answered(text);
    assert.equal(error.code, code);
    assert.deepEqual(rest, { id, jsonrpc: "2.0" });
    assert.ok(!error.message.includes("secret"));
  });
}

Deno.test("answerRpc() answers with the id and the result", async () => {
  for (const id of [7, "seven", null]) {
    const text = JSON.stringify(request("echo", id, { a: 1 }));
    assert.deepEqual(await answered(text), {
      ...{ id, jsonrpc: "2.0", result: { a: 1 } },
    });
  }
});

Deno.test("answerRpc() calls for a notification, and does not answer it", async () => {
  for (const method of ["echo", "broken"]) {
    called.length = 0;
    assert.equal(await answered(JSON.stringify(request(method))), null);
    assert.deepEqual(called, [[method, undefined]]);
  }
});

Deno.test("answerRpc() answers a batch by a batch, in order and without its notifications", async () => {
  const batch = [request("echo", 1, [1]), request("echo"), request("no", 2), 5];
  const answers = await answered(JSON.stringify(batch));
  assert.deepEqual(
    answers.map(({ id, result, error }: Record<string, unknown>) => [
      id,
      result,
      (error as { code: number } | undefined)?.code,
    ]),
    [[1, [1], undefined], [2, undefined, -32601], [null, undefined, -32600]],
  );
  const silent = JSON.stringify([request("echo"), request("echo")]);
  assert.equal(await answered(silent), null);
});

Deno.test("answerRpc() takes no more than its most requests at once", async () => {
  const batch = (length: number) =>
    JSON.stringify(Array.from({ length }, (_, i) => request("echo", i, 1)));
  assert.equal((await answered(batch(MOST_REQUESTS))).length, MOST_REQUESTS);
  called.length = 0;
  const { error } = await answered(batch(MOST_REQUESTS + 1));
  assert.equal(error.code, -32600);
  assert.equal(called.length, 0);
});

Deno.test("answerRpc() calls no more of a batch once its answers are too long", async () => {
  called.length = 0;
  const batch = Array.from({ length: 60 }, (_, i) => request("long", i));
  const answers = await answered(JSON.stringify(batch));
  assert.equal(called.length, 2);
  assert.equal(answers.length, 60);
  assert.equal(answers.at(-1).error.data, "too-large");
});
