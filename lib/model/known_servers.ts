/**
 * The list of known servers and their certificates, one line each, which a user
 * can read and delete:
 *
 *     pi.local:4040 5A:38:…:98 1f2e….ondacast.invalid MIIB…
 *     music.example.org:4040 authority
 *
 * The first server was trusted on first use: its certificate's SHA-256
 * fingerprint, one of its names and the certificate in Base64 follow. The second
 * one's certificate was signed by a public authority, which is required from
 * then on.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";

/** The only certificate accepted from a server. */
export interface PinnedCertificate {
  /** SHA-256, hexadecimal with colons. */
  fingerprint: string;
  /** A name in it for which no public authority certifies anyone else. */
  name: string;
  /** The certificate (DER) in Base64. */
  certificate: string;
}

/** How a known server proves its identity. */
export type KnownServer =
  | { by: "certificate"; pinned: PinnedCertificate }
  | { by: "authority" };

const FINGERPRINT = /^[0-9A-F]{2}(:[0-9A-F]{2}){31}$/;
const HEAD =
  "# Servers known to ondacast. Delete a line to trust that server anew.\n";

/** How the list names a server that is known by its id. */
export function knownAs(id: string): string {
  return `id:${id}`;
}

/**
 * Looks up a server.
 *
 * @param place `host:port`, in any case.
 * @returns The entry and its line number, from 1; null if the server is unknown.
 * @throws {OndacastError} `bad-certificate`, if its line is malformed: a known
 * server must not become unknown by accident.
 *
 * @example
 * ```ts
 * import { findServer } from "./known_servers.ts";
 * import assert from "node:assert/strict";
 *
 * const text = "# mine\npi.local:4040 authority\n";
 * assert.equal(findServer(text, "Pi.local:4040")?.line, 2);
 * assert.equal(findServer(text, "pi.local:4041"), null);
 * ```
 */
export function findServer(
  text: string,
  place: string,
): { known: KnownServer; line: number } | null {
  const lines = text.split("\n");
  const index = lines.findIndex((line) => placeOf(line) === keyOf(place));
  if (index === -1) return null;
  const line = index + 1;
  const known = parse(lines[index]);
  if (known !== null) return { known, line };
  throw new OndacastError(
    "bad-certificate",
    `Cannot read line ${line} of the list of known servers, which is about ${place}: remove it to trust the server anew`,
  );
}

/** Appends a server to the list, replacing its earlier entry. */
export function addServer(
  text: string,
  place: string,
  known: KnownServer,
): string {
  const others = text.split("\n")
    .filter((line) => line !== "" && placeOf(line) !== keyOf(place))
    .map((line) => `${line}\n`);
  const words = known.by === "authority"
    ? ["authority"]
    : [known.pinned.fingerprint, known.pinned.name, known.pinned.certificate];
  return [
    ...(others.length === 0 ? [HEAD] : others),
    `${[keyOf(place), ...words].join(" ")}\n`,
  ].join("");
}

/** A known server in a list of them. */
export interface KnownPlace {
  /** `host:port`, or `id:` and the server's id. */
  place: string;
  /** Of its certificate; null: an authority vouches for it. */
  fingerprint: string | null;
}

/** All servers of the list, in its order; malformed lines are left out. */
export function listServers(text: string): KnownPlace[] {
  return text.split("\n").flatMap((line) => {
    const place = placeOf(line);
    const known = place === null ? null : parse(line);
    if (place === null || known === null) return [];
    const fingerprint = known.by === "certificate"
      ? known.pinned.fingerprint
      : null;
    return [{ place, fingerprint }];
  });
}

/**
 * Removes servers from the list, malformed lines about them included.
 *
 * @param places As in the list, in any case.
 * @returns The text, and the places that were in it.
 */
export function removeServers(
  text: string,
  places: readonly string[],
): { text: string; removed: string[] } {
  const keys = places.map(keyOf);
  const removed: string[] = [];
  const kept = text.split("\n").filter((line) => {
    const place = placeOf(line);
    if (place === null || !keys.includes(place)) return true;
    removed.push(place);
    return false;
  });
  return { text: kept.join("\n"), removed };
}

function parse(line: string): KnownServer | null {
  const [, fingerprint, name, certificate, ...rest] = line.trim().split(/\s+/);
  if (fingerprint === "authority" && name === undefined) {
    return { by: "authority" };
  }
  const isWhole = FINGERPRINT.test(fingerprint ?? "") &&
    /^[0-9A-Za-z+/]+=*$/.test(certificate ?? "") && rest.length === 0;
  return isWhole
    ? { by: "certificate", pinned: { fingerprint, name, certificate } }
    : null;
}

function placeOf(line: string): string | null {
  const [place] = line.trim().split(/\s+/);
  return place === "" || place.startsWith("#") ? null : keyOf(place);
}

function keyOf(place: string): string {
  return place.toLowerCase();
}
