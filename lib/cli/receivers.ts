/**
 * Resolves receivers by the user's words, and reports those that refused.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { printError } from "../io/console/standard_output.ts";
import type { OnlineClient, ToClient } from "../wire/messages.ts";
import { withCode } from "./error_line.ts";
import { shown } from "./shown.ts";

/** The most failures listed one by one. */
const MAX_LISTED = 100;

/** A receiver that refused, and the reason. */
export type Refused = ToClient<"casting">["refused"][number];

/**
 * The receiver of a key, an `ip:port` or a name.
 *
 * @throws {OndacastError} `not-found`, `not-receiving`, `ambiguous`.
 *
 * @example
 * ```ts
 * import { findReceiver } from "./receivers.ts";
 * import assert from "node:assert/strict";
 *
 * const kitchen = {
 *   key: "k",
 *   id: "192.0.2.7:4711",
 *   name: "kitchen",
 *   receiving: true,
 *   state: { doing: "waiting" as const },
 * };
 * assert.equal(findReceiver([kitchen], "kitchen"), kitchen);
 * assert.throws(() => findReceiver([kitchen], "bath"), { code: "not-found" });
 * ```
 */
export function findReceiver(
  clients: readonly OnlineClient[],
  word: string,
): OnlineClient {
  const one = clients.find(({ key, id }) => key === word || id === word);
  const named = one ? [one] : clients.filter(({ name }) => name === word);
  const receiving = named.filter((client) => client.receiving);
  if (receiving.length === 1) return receiving[0];
  if (named.length === 0) {
    throw new OndacastError(
      "not-found",
      `Cannot find the client "${word}": it is not online`,
    );
  }
  if (receiving.length === 0) {
    throw new OndacastError(
      "not-receiving",
      `Cannot reach "${word}": it is not receiving`,
    );
  }
  throw new OndacastError(
    "ambiguous",
    `Cannot choose between the receivers "${word}": name one by its address, ${
      receiving.map(({ id }) => id).join(", ")
    }`,
  );
}

/**
 * Reports why receivers, or songs for them, were refused.
 *
 * @param wanted The number of receivers and songs that were named.
 * @throws {OndacastError} With the code of the first failure, if any.
 */
export function failIfRefused(
  what: string,
  refused: readonly Refused[],
  wanted: number,
): void {
  if (refused.length === 0) return;
  if (wanted === 1) {
    const [{ to, code, message }] = refused;
    throw new OndacastError(code as "not-found", `${to}: ${message}`);
  }
  for (const { to, code, message } of refused.slice(0, MAX_LISTED)) {
    printError(shown(withCode(`${to}: ${message}`, code)));
  }
  throw new OndacastError(
    refused[0].code as "not-found",
    `Cannot ${what}: ${refused.length} of ${wanted} failed: ${
      refused.map(({ to }) => to).join(", ")
    }`,
  );
}
