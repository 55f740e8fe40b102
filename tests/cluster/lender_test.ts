import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { Lender } from "../../lib/cluster/lender.ts";
import { OndacastError } from "../../lib/errors.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("a connection for devices that has ended before it is used is lost, and another one is made", () => {
  const session = {
    failure: new OndacastError("lost", "It has ended"),
    over: AbortSignal.abort(),
    welcome: Promise.reject(new Error("it has ended")),
    listen() {}, // It is notified of nothing any more.
  } as unknown as ClientSession;
  session.welcome.catch(() => {});
  const lost: string[] = [];
  new Lender({
    ...{ place: "attic", session, clock: new FakeClock(), wallMs: () => 0 },
    listener: { heard() {}, lost: ({ place }) => lost.push(place) },
  });
  assert.deepEqual(lost, ["attic"]);
});
