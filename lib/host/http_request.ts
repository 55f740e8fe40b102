/**
 * What the routes of the HTTP port are given.
 *
 * @module
 */

import type { RequestHead } from "./http_head.ts";

/** A request as its route sees it. */
export interface HttpRequest extends RequestHead {
  /** The peer's address, without brackets. */
  ip: string;
  /** The part of the path that the `*` of the route stands for. */
  tail: string;
  /**
   * Reads the body.
   *
   * @throws {HttpError} 413, if it is longer.
   */
  readBody(mostBytes: number): Promise<Uint8Array<ArrayBuffer>>;
}
