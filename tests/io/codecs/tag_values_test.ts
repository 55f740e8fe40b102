import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { songTags } from "../../../lib/io/codecs/probe_song.ts";
import { readTags } from "../../../lib/model/tags.ts";
import { latin1Bytes, memoryFile } from "../../support/memory_file.ts";

/** A silent frame of MP3 with 128 kbit/s at 44.1 kHz. */
const FRAME = new Uint8Array(417);
FRAME.set([0xFF, 0xFB, 0x90, 0xC4]);
const SILENCE: Uint8Array = concat(Array<Uint8Array>(40).fill(FRAME));

/** The encodings of ID3v2.4, section 4, by their first byte. */
const LATIN1 = 0, UTF16 = 1, UTF16_BE = 2, UTF8 = 3;

/** An ID3v2 tag with one short text frame. */
function id3v2(id: string, encoding: number, value: Uint8Array, version = 4) {
  const head = [0, 0, 0, value.length + 1, 0, 0, encoding];
  const body = concat([latin1Bytes(id), new Uint8Array(head), value]);
  const start = [0x49, 0x44, 0x33, version, 0, 0, 0, 0, 0, body.length];
  return concat([new Uint8Array(start), body]);
}

const utf8 = (text: string) => new TextEncoder().encode(text);

function utf16(text: string, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) {
    view.setUint16(2 * i, text.charCodeAt(i), isLittle);
  }
  return new Uint8Array(view.buffer);
}

const tagsOf = (...parts: Uint8Array[]) =>
  readTags(songTags(memoryFile(concat(parts))).tags);

for (
  const [id, text, tags] of [
    ["TPE1", "A\0B\0C", { artist: "A; B; C" }],
    ["TCON", "Jazz\0Blues", { genre: "Jazz; Blues" }],
    ["TIT2", "One", { title: "One" }],
  ] as const
) {
  Deno.test(`all values of ${id} of an MP3 are found`, () => {
    assert.deepEqual(tagsOf(id3v2(id, UTF8, utf8(text)), SILENCE), tags);
  });
}

const ENCODED: [
  name: string,
  encoding: number,
  bytes: Uint8Array,
  title: string,
][] = [
  ["Latin-1", LATIN1, latin1Bytes("Café Noël"), "Café Noël"],
  [
    "Windows-1252 declared as Latin-1",
    LATIN1,
    latin1Bytes("Don\x92t stop"),
    "Don’t stop",
  ],
  ["UTF-8 declared as Latin-1", LATIN1, utf8("Éléonore 日本"), "Éléonore 日本"],
  ["UTF-8 encoded twice", UTF8, utf8("DÃ©jÃ\u00a0 vu"), "Déjà vu"],
  [
    "UTF-16 with a little-endian mark",
    UTF16,
    utf16("\ufeffБах 日本 🎵", true),
    "Бах 日本 🎵",
  ],
  [
    "UTF-16 with a big-endian mark",
    UTF16,
    utf16("\ufeffБах 日本 🎵", false),
    "Бах 日本 🎵",
  ],
  [
    "UTF-16 with its end and a rest behind it",
    UTF16,
    utf16("\ufeffBach\0\ufeffBach", true),
    "Bach",
  ],
  ["UTF-16BE", UTF16_BE, utf16("Бах 日本 🎵", false), "Бах 日本 🎵"],
  ["UTF-8", UTF8, utf8("Бах 日本 🎵\0"), "Бах 日本 🎵"],
  [
    "UTF-8 with controls of a terminal and of direction",
    UTF8,
    utf8("a\u001b[2J\u202eb"),
    "a[2Jb",
  ],
];

for (const [name, encoding, bytes, title] of ENCODED) {
  for (const version of encoding > UTF16 ? [4] : [3, 4]) {
    Deno.test(`a title in ${name} of ID3v2.${version} is read`, () => {
      const tag = id3v2("TIT2", encoding, bytes, version);
      assert.deepEqual(tagsOf(tag, SILENCE), { title });
    });
  }
}

Deno.test("texts of ID3v1 are read, in Latin-1 and in UTF-8", () => {
  for (const title of [latin1Bytes("Café"), utf8("Café")]) {
    const tag = new Uint8Array(128);
    tag.set(latin1Bytes("TAG"));
    tag.set(title, 3);
    tag.set(latin1Bytes("1999"), 93);
    tag[127] = 255; // No genre.
    assert.deepEqual(tagsOf(SILENCE, tag), { title: "Café", year: 1999 });
  }
});

Deno.test("a title that is too long for ID3v1 is read from APEv2 beside it", () => {
  const title = "A title that takes more than thirty characters";
  const v1 = new Uint8Array(128);
  v1.set(latin1Bytes("TAG"));
  v1.set(latin1Bytes(title.slice(0, 30)), 3);
  v1[127] = 255;
  const tags = tagsOf(SILENCE, apev2("Title", title), v1);
  assert.deepEqual(tags, { title });
});

/** An APEv2 tag with a header and one item. */
function apev2(key: string, value: string): Uint8Array {
  const item = new Uint8Array(8);
  item[0] = utf8(value).length;
  const body = concat([item, latin1Bytes(`${key}\0`), utf8(value)]);
  const end = (flags: number) => {
    const bytes = new Uint8Array(32);
    bytes.set(latin1Bytes("APETAGEX"));
    const view = new DataView(bytes.buffer);
    view.setUint32(8, 2000, true);
    view.setUint32(12, body.length + 32, true);
    view.setUint32(16, 1, true);
    view.setUint32(20, flags, true);
    return bytes;
  };
  return concat([end(0xa0000000), body, end(0x80000000)]);
}
