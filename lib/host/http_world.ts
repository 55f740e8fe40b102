/**
 * The server as the routes of the HTTP port see it.
 *
 * @module
 */

import type { SongStore, Turns } from "../ports/server.ts";
import type { TokenGate } from "../server/token_gate.ts";

/** What the routes need from the server. */
export interface HttpWorld {
  /** Host names accepted in addition to those of `isOwnHost()`. */
  hosts: string[];
  /** Where a proxy serves it, with a `/` at its end; null: nowhere known. */
  address: string | null;
  /** What addresses of the port itself begin with. */
  scheme: "http" | "https";
  /** Shared with other work; pipelined requests would hold the event loop. */
  turns: Turns;
  /** Checks the tokens of other machines that read the metrics. */
  gate: TokenGate;
  /** Whether clients of this address are served. */
  admits(ip: string): boolean;
  isReady(): boolean;
  metricsText(): string;
  songs: SongStore;
  /** A song's waveform; see `Waveforms.of`. */
  peaks(song: string, etag: string): Promise<Uint8Array<ArrayBuffer>>;
}
