/**
 * The dependencies of the HTTP port's routes, as stubs.
 *
 * @module
 */

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
    turns: { next: () => null },
    gate: new TokenGate(null, new FakeClock()),
    admits: () => true,
    isReady: () => true,
    metricsText: () => "numbers",
    songs: new MemorySongs(),
    peaks: () => Promise.resolve(new Uint8Array(0)),
    ...given,
  };
}
