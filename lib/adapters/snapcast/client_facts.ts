/**
 * What a Snapcast client says of itself in its `hello`. Nothing of it is verified.
 *
 * @module
 */

import { deviceKey } from "../../model/presence.ts";
import { checkDeviceName } from "../../model/song_name.ts";
import { isUnsafeText } from "../../safe_text.ts";

/** The most characters of an id. */
const MOST_ID = 256;
/** The most UTF-16 units of anything else. */
const MOST_FACT = 64;
/** The name of a client whose host has none that can be shown. */
const NAMELESS = "Snapcast client";
/**
 * Before an id, so that its key is none of a device of our own: those have at most
 * 64 characters.
 */
const ID_SPACE =
  "the id that a Snapcast client gives itself, which nothing verifies:\n";

export interface ClientFacts {
  /** As others name it: with the instance, unless that is the first. */
  readonly id: string;
  readonly instance: number;
  /** The name of its host. */
  readonly host: string;
  /** Empty where unknown, as all that follow. */
  readonly arch: string;
  readonly os: string;
  readonly mac: string;
  readonly version: string;
}

/**
 * Reads a `hello`.
 *
 * @throws {RangeError} Without an id.
 */
export function readFacts(hello: Record<string, unknown>): ClientFacts {
  const { ID, Instance } = hello;
  if (typeof ID !== "string" || ID === "" || ID.length > MOST_ID) {
    throw new RangeError(
      `Expected an id of 1 to ${MOST_ID} characters in its hello`,
    );
  }
  const instance = typeof Instance === "number" ? Instance : 1;
  return {
    id: instance === 1 ? ID : `${ID}#${instance}`,
    instance,
    host: nameOf(hello.HostName),
    arch: shown(hello.Arch),
    os: shown(hello.OS),
    mac: shown(hello.MAC),
    version: shown(hello.Version),
  };
}

/** The key of the device that a client with an id is. */
export function keyOfId(id: string): string {
  return deviceKey(ID_SPACE + id);
}

function nameOf(host: unknown): string {
  if (typeof host !== "string") return NAMELESS;
  try {
    return checkDeviceName(host);
  } catch {
    return NAMELESS;
  }
}

/** A text as it may be shown to others; else an empty one. */
function shown(value: unknown): string {
  const isShort = typeof value === "string" && value.length <= MOST_FACT;
  return isShort && !isUnsafeText(value) ? value : "";
}
