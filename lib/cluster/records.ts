/**
 * The records of servers that are one, by kind, and their checks: another server may
 * write anything into its own.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2";
import * as v from "valibot";
import { isUnsafeText } from "../safe_text.ts";
import { parseAddress } from "../model/address.ts";
import { DEFAULT_PORTS } from "../model/right_port.ts";
import {
  checkDeviceName,
  checkSongName,
  MAX_NAME_BYTES,
  songNameProblem,
} from "../model/song_name.ts";
import { isPlaceName } from "../model/place_name.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import { count, finite, numberFrom, textOf } from "../wire/fields.ts";
import { GROUP_ROW } from "../wire/group_messages.ts";
import type { SongRow } from "../wire/messages.ts";
import { SONG_ROW } from "../wire/to_client.ts";
import { ONLINE_CLIENT } from "../wire/rows.ts";
import { splitPlace } from "./placed_name.ts";

/** The longest record, in bytes. */
export const MOST_RECORD_BYTES = 64 * 1024;
/** Most servers, and records of a kind of one server; others are ignored. */
export const MOST = { node: 64, device: 8_192, group: 8_192, song: 200_000 };

/** The most of all records of other servers together, in bytes as JSON. */
export const MOST_RECORDS_BYTES = 256 << 20;

/** Most devices of a group, with room for later versions. */
export const MOST_DEVICES = 256;

export type RecordKind = keyof typeof MOST;

/** A server. */
export const NODE = v.object({
  address: textOf(1, 300),
  /** Whom it admits, as a digest: servers that differ in it are not one. */
  admission: textOf(1, 64),
  /** The name of its clock, new at each start. */
  clock: textOf(1, 64),
  /** Its certificate in PEM; absent: it has none. */
  certificate: v.optional(textOf(1, 16_384)),
  /** When the table first got it; absent: it has yet to be told. */
  since: v.optional(count),
  /** Proves that it knows the secret. */
  mark: textOf(64, 64),
});

/** A client of a server. */
export const DEVICE = v.object({
  ...ONLINE_CLIENT.entries,
  /** The length of the song that it plays, in seconds. */
  endsAt: v.optional(finite),
  /** Proves that the server knows the secret. */
  mark: v.optional(textOf(32, 32)),
});

/** A group, when that was written, and how soon from then it is at its position. */
export const GROUP = v.object({
  ...GROUP_ROW.entries,
  atWallMs: count,
  inMs: v.optional(numberFrom(0, 60_000)),
});

export type NodeRecord = v.InferOutput<typeof NODE>;
export type DeviceRecord = v.InferOutput<typeof DEVICE>;
export type GroupRecord = v.InferOutput<typeof GROUP>;

const SCHEMAS = { node: NODE, device: DEVICE, group: GROUP, song: SONG_ROW };

/** What a record of each kind says. */
export interface RecordOf {
  node: NodeRecord;
  device: DeviceRecord;
  group: GroupRecord;
  song: SongRow;
}

const CHECKS: { [K in RecordKind]: (record: RecordOf[K]) => void } = {
  node: ({ address }) => void parseAddress(address, DEFAULT_PORTS.session),
  device(record) {
    checkDeviceName(record.name);
    checkTexts(record);
  },
  group(record) {
    if (record.devices.length > MOST_DEVICES) {
      throw new RangeError(`Expected at most ${MOST_DEVICES} devices`);
    }
    checkTexts(record);
  },
  song({ name, ...record }) {
    checkSongName(name);
    const { etag, live, bytes, format } = record;
    const isWhole = etag === null
      ? live && bytes === null && format !== null
      : !live && bytes !== null;
    if (!isWhole) throw new RangeError("Expected a file or a live song");
    checkTexts(record);
  },
};

/**
 * Checks all texts of a record: one that is very long would leave a message no room
 * for other rows. Names of songs, and what a device's program says of its problem,
 * are as they may be here.
 */
function checkTexts(record: object): void {
  for (const [field, value] of Object.entries(record)) {
    if (typeof value === "object" && value !== null) checkTexts(value);
    if (typeof value !== "string") continue;
    const isRight = field === "song"
      ? isSongName(value)
      : value.length <= MAX_NAME_BYTES &&
        (field === "problem" || !isUnsafeText(value));
    if (!isRight) {
      throw new RangeError("Expected texts that are short and safe to show");
    }
  }
}

/** Whether a text can name a song, as its name or `NODE:name`. */
function isSongName(text: string): boolean {
  const [, rest] = splitPlace(text);
  return [text, rest].some((it) => songNameProblem(it) === null);
}

/** The kind, server and id in the key of a record; null: it is none of ours. */
export function splitKey(
  key: string,
): { kind: RecordKind; node: string; id: string } | null {
  const [kind, node, ...rest] = key.split(".");
  if (!Object.hasOwn(SCHEMAS, kind) || !isPlaceName(node ?? "")) return null;
  const id = rest.join(".");
  if ((kind === "node") !== (id === "")) return null;
  return { kind: kind as RecordKind, node, id };
}

/** The key of a record of a server; each has one of the kind `node`, without an id. */
export function recordKey(kind: RecordKind, node: string, id = ""): string {
  return id === "" ? `${kind}.${node}` : `${kind}.${node}.${id}`;
}

/** Reads a record; null: it is not as it should be. */
export function readRecord<K extends RecordKind>(
  kind: K,
  bytes: Uint8Array,
): RecordOf[K] | null {
  if (bytes.length > MOST_RECORD_BYTES) return null;
  try {
    const json = JSON.parse(new TextDecoder().decode(bytes));
    const record = v.parse(SCHEMAS[kind], json) as RecordOf[K];
    CHECKS[kind](record);
    return record;
  } catch {
    return null;
  }
}

/** The song that a row describes. */
export function songOfRow(row: SongRow, place: string): SongEntry {
  const { name, bytes, sha256, format, problem, reason, file, codec } = row;
  const etag = row.etag ?? "live";
  const { title, artist, album, albumArtist, track, disc, year, genre, gain } =
    row;
  return {
    ...{ name, bytes, etag, format, place },
    ...(file && { file }),
    ...(sha256 !== undefined && { sha256 }),
    ...(problem !== undefined && { problem }),
    ...(reason !== undefined && { problemText: reason }),
    ...(codec !== undefined && { codec }),
    ...(row.estimated && { isEstimated: true }),
    tags: {
      ...(title !== undefined && { title }),
      ...(artist !== undefined && { artist }),
      ...(album !== undefined && { album }),
      ...(albumArtist !== undefined && { albumArtist }),
      ...(track !== undefined && { track }),
      ...(disc !== undefined && { disc }),
      ...(year !== undefined && { year }),
      ...(genre !== undefined && { genre }),
      ...(gain !== undefined && { gain }),
    },
    ...(row.added !== undefined && { added: row.added }),
    ...(row.art && { hasArt: true }),
    ...(row.content !== undefined && { content: row.content }),
  };
}

/** The id of a song's record. */
export function songId(name: string): string {
  return sha256(new TextEncoder().encode(name)).toHex().slice(0, 32);
}
