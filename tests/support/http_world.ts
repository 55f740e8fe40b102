/**
 * The routes of the HTTP port without a connection, and their dependencies as
 * stubs.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type Answer, text } from "../../lib/host/http_answer.ts";
import { parseHead } from "../../lib/host/http_head.ts";
import { respond, UPGRADE } from "../../lib/host/http_routes.ts";
import type { HttpWorld } from "../../lib/host/http_world.ts";
import { TokenGate } from "../../lib/server/token_gate.ts";
import { FakeClock } from "./fake_clock.ts";
import { MemorySongs } from "./memory_songs.ts";

/** A server without a token and songs, except for the given parts. */
export function httpWorld(given: Partial<HttpWorld> = {}): HttpWorld {
  return {
    hosts: [],
    address: null,
    scheme: "http",
    sessionPort: 4040,
    turns: { next: () => null },
    gate: new TokenGate(null, new FakeClock()),
    admits: () => true,
    api: () => Promise.resolve(text(404, "")),
    readiness: () => ({ isReady: true, details: [] }),
    metricsText: () => "numbers",
    songs: new MemorySongs(),
    peaks: () => Promise.resolve(new Uint8Array(0)),
    ...given,
  };
}

/**
 * The answer to a request from this machine.
 *
 * @param target Its path and query.
 */
export async function answerOf(
  given: Partial<HttpWorld>,
  target: string,
  fields: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  const lines = Object.entries({ host: "pi.local:4042", ...fields })
    .map(([name, value]) => `\r\n${name}: ${value}`).join("");
  const head = parseHead(
    new TextEncoder().encode(`${method} ${target} HTTP/1.1${lines}`),
  );
  const answer = await respond(httpWorld(given), {
    ...head,
    ip: "127.0.0.1",
    isOver: () => false,
    readBody: () => Promise.resolve(new Uint8Array(0)),
  });
  assert.ok(answer !== UPGRADE);
  return answer;
}
