/**
 * The sender of a request: a {@linkcode Member}, which has a session, or another
 * program that asks over HTTP.
 *
 * @module
 */

import type { RateLimit } from "../model/rate_limit.ts";
import type { Feature } from "../wire/features.ts";
import type { Device } from "./groups/device.ts";
import type { Hub } from "./hub.ts";

/** A list whose changes can be watched. */
export type WatchedList = "online" | "groups";

export interface Caller {
  readonly hub: Hub;
  /** Throttles its requests, in the units of `cost.ts`. */
  readonly rateLimit: RateLimit;
  /** What it understands beyond the first version. */
  readonly features: readonly Feature[];
  /** Whether it understands the feature `groups`. */
  readonly isInStep: boolean;
  /** Whether it runs on the server's machine, as far as is known. */
  readonly isLocal: boolean;
  /** Whether it is another server, which has checked what its own clients may. */
  readonly isTrusted?: boolean;
  /** Whether no answer can reach it any more. */
  readonly isEnding: boolean;
  /** The device that others choose songs for; null: it does not receive. */
  readonly device: Device | null;
  /** Its key in the list of who is online; absent: it is not listed. */
  readonly key?: string;
  /**
   * Starts or stops sending it every change of a list.
   *
   * @throws {OndacastError} `bad-message`, if nothing can be sent to it later.
   */
  watch(list: WatchedList, on: boolean): void;
}
