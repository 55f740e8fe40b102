import assert from "node:assert/strict";
import { plainText } from "../../lib/io/console/styled.ts";
import { albumLines } from "../../lib/cli/library_commands.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import { CD } from "../support/memory_songs.ts";

function row(name: string, more: Partial<SongRow> = {}): SongRow {
  const format = { ...CD, dataOffset: 44, dataBytes: 0 };
  return { name, bytes: 44, seconds: 61, etag: "e", format, ...more };
}

Deno.test("albumLines() shows each album below its title, artist and year", () => {
  const box = { album: "Box", albumArtist: "A", year: 1999 };
  assert.deepEqual(
    albumLines([
      row("a/1.wav", { ...box, title: "One", track: 1, disc: 2 }),
      row("a/10.wav", { ...box, title: "T\u001b[2Jen", track: 10 }),
      row("b/x.wav", { title: "x", artist: "B" }),
      row("b/y.wav", { format: null, seconds: null, problem: "not-wav" }),
      row("z.wav", { title: "z", artist: "C" }),
    ]).map(plainText),
    [
      "Box - A (1999)",
      "  2-1  One           1:01  a/1.wav",
      "  10   T\\u001b[2Jen  1:01  a/10.wav",
      "",
      "b - B",
      "    x        1:01  b/x.wav",
      "    b/y.wav        cannot be played: not a song, or a damaged one",
      "",
      "Songs without an album - C",
      "    z  1:01  z.wav",
    ],
  );
});
