/**
 * What a client's server understands beyond the first version of the protocol.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { type Feature, hasFeature } from "../wire/features.ts";
import type { ClientSession } from "./client_session.ts";

/** What a server without a feature lacks. */
const LACKS: Record<Feature, string> = {
  tags: "know tags",
  groups: "have groups and queues",
  live: "take live sound",
  rename: "rename songs",
};

type Greeted = Pick<ClientSession, "welcome">;

/** Whether the server names a feature, once it has greeted. */
export async function knows(
  session: Greeted,
  feature: Feature,
): Promise<boolean> {
  return hasFeature(await session.welcome, feature);
}

/**
 * Checks that the server names a feature.
 *
 * @param what That needs it, for the user: `list groups`.
 * @throws {OndacastError} `too-old`.
 */
export async function expectFeature(
  session: Greeted,
  feature: Feature,
  what: string,
): Promise<void> {
  if (await knows(session, feature)) return;
  throw new OndacastError(
    "too-old",
    `Cannot ${what}: the server is too old to ${LACKS[feature]}`,
  );
}
