/**
 * Numbers and names in a person's words.
 *
 * @module
 */

/** A song's name without its folder and its ending. */
export function titleOf(song: string): string {
  return song.slice(song.lastIndexOf("/") + 1).replace(/\.(wave?|bwf)$/i, "");
}

/** The folder that a song is in, with no slash at its end; `""`: none. */
export function folderOf(song: string): string {
  return song.slice(0, Math.max(0, song.lastIndexOf("/")));
}

/** A length or a place in a song, such as 3:05 or 1:02:03. */
export function timeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const parts = [Math.floor(whole / 60) % 60, whole % 60];
  const hours = Math.floor(whole / 3600);
  if (hours > 0) parts.unshift(hours);
  return parts
    .map((part, i) => i === 0 ? String(part) : String(part).padStart(2, "0"))
    .join(":");
}

/** The same for who listens to it: 3 minutes 5 seconds. */
export function spokenTime(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = Math.floor(seconds % 60);
  return minutes > 0 ? `${minutes} minutes ${rest} seconds` : `${rest} seconds`;
}

/** Bytes, such as 1.5 MB. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(
    Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)),
    units.length - 1,
  );
  const value = bytes / 1000 ** power;
  return `${value.toFixed(value < 10 && power > 0 ? 1 : 0)} ${units[power]}`;
}
