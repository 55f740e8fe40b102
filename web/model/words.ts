/**
 * Formats numbers and names for people.
 *
 * @module
 */

import { withoutEnding } from "../../lib/model/song_name.ts";

/** Blank names: white space, and letters without a glyph. */
const BLANK = /^[\s\u115F\u1160\u2800\u3164\uFFA0]*$/;

/** A song's name without its folder and, unless that leaves nothing, its extension. */
export function titleOf(song: string): string {
  const file = song.slice(song.lastIndexOf("/") + 1);
  const title = withoutEnding(file);
  return BLANK.test(title) ? file : title;
}

/** A playlist's name without its folder and extension. */
export function playlistTitle(name: string): string {
  return titleOf(name).replace(/(?<=.)\.m3u8?$/i, "");
}

/** A song's folder, without a trailing slash; `""`: none. */
export function folderOf(song: string): string {
  return song.slice(0, Math.max(0, song.lastIndexOf("/")));
}

/** A length or position, such as 3:05 or 1:02:03. */
export function timeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  const hours = Math.floor(whole / 3600);
  if (hours > 0) parts.unshift(hours);
  return parts
    .map((part, i) => i === 0 ? String(part) : String(part).padStart(2, "0"))
    .join(":");
}

/** The same for screen readers: 3 minutes 5 seconds. */
export function spokenTime(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [
    counted(Math.floor(whole / 3600), "hour"),
    counted(Math.floor(whole / 60) % 60, "minute"),
    counted(whole % 60, "second"),
  ];
  const first = parts.findIndex((part) => !part.startsWith("0 "));
  return parts.slice(first).join(" ");
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** Bytes, such as 1.5 MB. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  // A value that would round to 1000 uses the next unit.
  while (value >= 999.5 && power < units.length - 1) {
    value /= 1000;
    power++;
  }
  return `${value.toFixed(value < 9.95 && power > 0 ? 1 : 0)} ${units[power]}`;
}
