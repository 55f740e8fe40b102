/**
 * The interface between the routes of the HTTP port and the server.
 *
 * @module
 */

import type { Answer } from "./http_answer.ts";
import type { HttpRequest } from "./http_request.ts";
import type { SongStore, Turns } from "../ports/server.ts";
import type { TokenGate } from "../server/token_gate.ts";

/** The parts of the server that the routes use. */
export interface HttpWorld {
  /** Host names accepted in addition to those of `isOwnHost()`. */
  hosts: string[];
  /** Base URL of a proxy that serves it, with a final `/`; null: unknown. */
  address: string | null;
  /** Base URL of the port itself. */
  scheme: "http" | "https";
  sessionPort: number;
  /** Shared with other work; pipelined requests would hold the event loop. */
  turns: Turns;
  /** Checks the tokens of other machines that read the metrics. */
  gate: TokenGate;
  /** Whether clients of this address are served. */
  admits(ip: string): boolean;
  /** Answers a message of another program. */
  api(request: HttpRequest): Promise<Answer>;
  /** Answers a request of an app of Snapcast; absent: none are served. */
  rpc?(request: HttpRequest): Promise<Answer>;
  readiness(): { isReady: boolean; details: readonly string[] };
  metricsText(): string;
  songs: SongStore;
  /** A song's waveform; see `Waveforms.of`. */
  peaks(
    song: string,
    etag: string,
    ip: string,
  ): Promise<Uint8Array<ArrayBuffer>>;
}
