/**
 * Requests as the routes of the HTTP port receive them.
 *
 * @module
 */

import type { RequestHead } from "./http_head.ts";

export interface HttpRequest extends RequestHead {
  /** The peer's address, without brackets. */
  ip: string;
  /** The part of the path that matches the `*` of the route. */
  tail: string;
  /** Whether the connection has ended meanwhile. */
  isOver(): boolean;
  /**
   * Reads the body.
   *
   * @throws {HttpError} 413, if it is longer.
   */
  readBody(mostBytes: number): Promise<Uint8Array<ArrayBuffer>>;
}
