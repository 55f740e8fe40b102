/**
 * Hostile HTTP heads: mutated valid ones, with a piece repeated up to the
 * maximum length. Each is refused or read in linear time, and no field that was
 * read contains a line break.
 *
 * @module
 */

import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import { OndacastError } from "../../lib/errors.ts";
import { HttpError } from "../../lib/host/http_answer.ts";
import {
  HttpConnection,
  MAX_HEAD_BYTES,
} from "../../lib/host/http_connection.ts";
import type { RequestHead } from "../../lib/host/http_head.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { transportPair } from "../support/memory_transport.ts";
import { concat } from "../support/raw_peer.ts";
import { below, mutate, oneOf, type Random } from "./mutate.ts";

const encoder = new TextEncoder();

const HEADS = [
  "GET / HTTP/1.1\r\nHost: localhost:4042\r\n\r\n",
  "GET /peaks?song=a%20b&etag=x HTTP/1.1\r\nHost: [::1]:4042\r\nAccept: */*\r\n\r\n",
  'HEAD http://pi.local/page.js HTTP/1.0\r\nhost: pi.local\r\nIf-None-Match: "x"\r\n\r\n',
  "GET /session HTTP/1.1\r\nHost: 192.0.2.7:4042\r\nOrigin: http://192.0.2.7:4042\r\nUpgrade: websocket\r\n" +
  "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  "GET /songs/a%20b.wav?key=x HTTP/1.1\r\nHost: a\r\nRange: bytes=0-9\r\nConnection: close\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: a\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
].map((head) => encoder.encode(head));

/** Pieces that are repeated to make a head long. */
const PIECES = [
  ...[" ", "\t", " \t", "\n", "\r", "\n ", "a", "a:", ": ", ",", ";q=", "/"],
  ...["?", "&", "=", "%", "%2", "..", "\0", "\x80", "x \n", "a: \r\n", "\r\n"],
].map((piece) => encoder.encode(piece));

/** CPU time for one head far above that of a linear reader, in microseconds. */
const MOST_US = 150_000;

/** A valid head, mutated and made longer. */
export function makeHead(random: Random): Uint8Array {
  const good = oneOf(random, HEADS);
  const head = random() < 0.5 ? good.slice() : mutate(good, random, HEADS);
  const piece = oneOf(random, PIECES);
  // Mostly shorter, so that a superlinear reader is found early.
  const bytes = Math.floor(MAX_HEAD_BYTES * random() ** 4);
  const times = Math.floor(bytes / piece.length);
  const at = below(random, head.length);
  const parts = [head.subarray(0, at), ...Array(times).fill(piece)];
  return concat([...parts, head.subarray(at)]);
}

/** Reads a head. @throws {AssertionError} If a property fails. */
export async function runHead(head: Uint8Array): Promise<void> {
  const used = await timed(head);
  if (used <= MOST_US) return;
  // Another program may have run in the same time.
  const again = await timed(head);
  assert.ok(again <= MOST_US, `a head took ${again} us`);
}

/** Reads a head, and checks the result. @returns CPU time in microseconds. */
async function timed(head: Uint8Array): Promise<number> {
  const clock = new FakeClock();
  const { client, server } = transportPair(clock);
  await client.write(head);
  await client.closeWrite();
  const before = cpuUsage();
  const connection = new HttpConnection(server, clock);
  let request: RequestHead | null = null;
  try {
    request = await connection.readHead();
    if (request) await connection.readBody(MAX_HEAD_BYTES);
  } catch (error) {
    const isRefusal = error instanceof HttpError ||
      error instanceof OndacastError && error.code === "lost";
    assert.ok(isRefusal, `an untyped error: ${error}`);
  }
  const { user, system } = cpuUsage(before);
  if (request !== null) {
    assert.match(request.path, /^\//);
    const lineEnd = /[\r\n\0]/;
    for (const [name, value] of request.headers) {
      assert.doesNotMatch(name + value, lineEnd, `in ${name}`);
    }
    assert.doesNotMatch(request.path, lineEnd);
  }
  return user + system;
}
