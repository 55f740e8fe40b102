import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { songTags } from "../../../lib/io/codecs/probe_song.ts";
import { readTags } from "../../../lib/model/tags.ts";
import { memoryFile } from "../../support/memory_file.ts";

/** A silent frame of MP3 with 128 kbit/s at 44.1 kHz. */
const FRAME = new Uint8Array(417);
FRAME.set([0xFF, 0xFB, 0x90, 0xC4]);

/** An ID3v2.4 tag with one short text frame, in UTF-8. */
function id3v2(id: string, text: string): Uint8Array {
  const value = new TextEncoder().encode(text);
  const head = [0, 0, 0, value.length + 1, 0, 0, 3];
  const body = concat([
    new TextEncoder().encode(id),
    new Uint8Array(head),
    value,
  ]);
  const start = [0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, body.length];
  return concat([new Uint8Array(start), body]);
}

for (
  const [id, text, tags] of [
    ["TPE1", "A\0B\0C", { artist: "A; B; C" }],
    ["TCON", "Jazz\0Blues", { genre: "Jazz; Blues" }],
    ["TIT2", "One", { title: "One" }],
  ] as const
) {
  Deno.test(`all values of ${id} of an MP3 are found`, () => {
    const frames = Array<Uint8Array>(40).fill(FRAME);
    const file = concat([id3v2(id, text), ...frames]);
    assert.deepEqual(readTags(songTags(memoryFile(file)).tags), tags);
  });
}
