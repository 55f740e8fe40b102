import assert from "node:assert/strict";
import { genreName } from "../../lib/model/id3_genres.ts";
import {
  cleanTag,
  MAX_TAG_TEXT,
  type RawTag,
  readTags,
  tagValues,
  titleOf,
} from "../../lib/model/tags.ts";
import { isUnsafeText } from "../../lib/safe_text.ts";
import type { SongTags } from "../../lib/ports/song_entry.ts";
import fc from "../support/fast_check.ts";

const TABLE: [what: string, pairs: RawTag[], tags: SongTags][] = [
  [
    "the decoders' own keys",
    [["title", "T"], ["albumArtist", "AA"], ["date", "1999"], ["track", "2"]],
    { title: "T", albumArtist: "AA", track: 2, year: 1999 },
  ],
  [
    "ID3v2 frames",
    [
      ...[["TIT2", "T"], ["TPE1", "A"], ["TALB", "L"], ["TPE2", "AA"]] as const,
      ...[["TRCK", "3/12"], ["TPOS", "1/2"], ["TDRC", "1995-03-01"]] as const,
      ["TCON", "(17)"],
      ["TXXX:REPLAYGAIN_TRACK_GAIN", "-6.52 dB"],
      ["TXXX:replaygain_track_peak", "0.988"],
    ],
    {
      ...{ title: "T", artist: "A", album: "L", albumArtist: "AA", track: 3 },
      ...{ disc: 1, year: 1995, genre: "Rock" },
      gain: { track: -6.52, peak: 0.988 },
    },
  ],
  [
    "ID3v2.2 frames",
    [["TT2", "T"], ["TP1", "A"], ["TAL", "L"], ["TYE", "2001"], ["TCO", "8"]],
    { title: "T", artist: "A", album: "L", year: 2001, genre: "Jazz" },
  ],
  [
    "RIFF INFO",
    [
      ...[["INAM", "T"], ["IART", "A"], ["IPRD", "L"], [
        "IGNR",
        "Folk",
      ]] as const,
      ...[["ICRD", "2004-05-06"], ["ITRK", "7"]] as const,
    ],
    {
      ...{ title: "T", artist: "A", album: "L", track: 7, year: 2004 },
      genre: "Folk",
    },
  ],
  [
    "Vorbis comments and APE, in any spelling",
    [
      ...[["Title", "T"], ["ALBUM ARTIST", "AA"], [
        "album_artist",
        "AA",
      ]] as const,
      ...[["TRACKNUMBER", "09"], ["DISCNUMBER", "2"]] as const,
      ["R128_TRACK_GAIN", "-1280"],
      ["R128_ALBUM_GAIN", "0"],
    ],
    {
      ...{ title: "T", albumArtist: "AA", track: 9, disc: 2 },
      gain: { track: 0, album: 5 },
    },
  ],
  [
    "MP4",
    [
      ...[["©nam", "T"], ["©ART", "A"], ["©alb", "L"], ["aART", "AA"]] as const,
      ...[["©day", "20030102"], ["trkn", "4/9"]] as const,
      ["----:com.apple.iTunes:replaygain_album_gain", "+2,5 dB"],
    ],
    {
      ...{ title: "T", artist: "A", album: "L", albumArtist: "AA", track: 4 },
      year: 2003,
      gain: { album: 2.5 },
    },
  ],
  [
    "several values, each once",
    [["ARTIST", "A"], ["ARTIST", "B"], ["artist", "A"], ["TPE1", "C\0D\0"]],
    { artist: "A; B; C; D" },
  ],
  [
    "the full text when ID3v1 truncated it",
    [
      ["TIT2", "A title that takes more than thirty characters"],
      ["title", "A title that takes more than t"],
      ["album", "An album of more than thirty c"],
      ["album", "An album of more than thirty characters"],
    ],
    {
      title: "A title that takes more than thirty characters",
      album: "An album of more than thirty characters",
    },
  ],
  ["no tag from useless values", [["comment", "x"], ["title", " \0\u200b"], [
    "",
    "x",
  ]], {}],
  [
    "no number that is out of range",
    [
      ...[["track", "0"], ["disc", "-1"], ["date", "12345"]] as const,
      ...[["track", "1e3"], ["trackGain", "loud"], ["peak", "-1"]] as const,
      ["albumGain", "9999"],
    ],
    {},
  ],
  ["a peak without a gain", [["trackPeak", "0.5"]], {}],
];

for (const [what, pairs, tags] of TABLE) {
  Deno.test(`readTags() reads ${what}`, () => {
    assert.deepEqual(readTags(pairs), tags);
  });
}

Deno.test("cleanTag() normalizes texts", () => {
  const table: [text: string, clean: string][] = [
    ["CafÃ©", "Café"],
    ["Café", "Café"],
    ["ÃÃ", "ÃÃ"],
    ["â\u0080\u0099", "’"],
    ["â€™", "’"],
    ["don\u0092t", "don’t"],
    ["Бах", "Бах"],
    ["é日", "é日"],
    ["  a \r\n b\t", "a b"],
    ["a\u202eb\u200b\u0007c", "abc"],
    ["a\ud800", "a\ufffd"],
  ];
  for (const [text, clean] of table) {
    assert.equal(cleanTag(text), clean, JSON.stringify(text));
  }
});

Deno.test("texts of every tag format are safe and short, with the values of the file", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 600 }),
    fc.string({ unit: "grapheme", maxLength: 300 }),
  );
  fc.assert(fc.property(fc.array(text, { maxLength: 5 }), (values) => {
    const { artist } = readTags(values.map((value) => ["ARTIST", value]));
    if (artist === undefined) return;
    assert.ok([...artist].length <= MAX_TAG_TEXT);
    assert.ok(!isUnsafeText(artist) && artist.trim() === artist);
    assert.deepEqual(readTags([["artist", artist]]).artist, artist);
  }));
});

Deno.test("joined values can be separated again", () => {
  const { artist = "" } = readTags([["artist", "A"], ["artist", "B"]]);
  assert.deepEqual(tagValues(artist), ["A", "B"]);
});

Deno.test("tags of a hostile file are read in linear time", () => {
  const long = "1 \0é(".repeat(20_000);
  const pairs = Array.from({ length: 50_000 }, (_, i): RawTag => [
    i % 2 ? "artist" : "date",
    long,
  ]);
  const beganMs = performance.now();
  readTags(pairs);
  assert.ok(performance.now() - beganMs < 1000);
});

Deno.test("titleOf() leaves out folder, ending and track number", () => {
  const table: [name: string, title: string][] = [
    ["01 Ode to Joy.wav", "Ode to Joy"],
    ["a/b/12. Canon.wav", "Canon"],
    ["1-03 - Canon.wav", "Canon"],
    ["03_Canon.wav", "Canon"],
    ["1984.wav", "1984"],
    ["12.wav", "12"],
    ["Canon 2.wav", "Canon 2"],
    ["2001 a space.wav", "2001 a space"],
    ["01 - .wav", "01 -"],
  ];
  for (const [name, title] of table) assert.equal(titleOf(name), title);
});

Deno.test("genreName() returns the genre of an ID3 number", () => {
  assert.deepEqual(
    ["0", "(147)", "(17)Hard Rock", "(999)", "Rock", "80s"].map(genreName),
    ["Blues", "Synthpop", "Hard Rock", "(999)", "Rock", "80s"],
  );
});
