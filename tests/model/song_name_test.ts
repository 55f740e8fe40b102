import assert from "node:assert/strict";
import {
  checkDeviceName,
  checkNewSongName,
  checkSongName,
  hasSongEnding,
  isHidden,
  looksLikeAddress,
  nameKey,
} from "../../lib/model/song_name.ts";
import { isUnsafeText } from "../../lib/safe_text.ts";
import fc from "../support/fast_check.ts";

/** Names that are served and may be uploaded. */
const PORTABLE = [
  "a",
  "song.wav",
  "live/song.wav",
  "a/b/c/d.wav",
  "..wav.wav",
  "...a",
  "...Baby One More Time.wav",
  "Für Elise.wav",
  "北国の春.wav",
  "🎵.wav",
  "👨\u200d👩\u200d👧.wav",
  "con-certo.wav",
  "console.wav",
  "lpt.wav",
  "com10.wav",
  "a b.wav",
  " a.wav",
  "-rf.wav",
  "~.wav",
  "$HOME.wav",
  "%2e%2e.wav",
  "[Untitled].wav",
  "[add].wav",
  "x/10.0.0.1.wav",
  "a'b;c&d.wav",
  "a".repeat(255),
  "ü".repeat(127) + "a", // 255 bytes
  Array(16).fill("a".repeat(255)).join("/"), // 16 parts
];

/** Names that are served but may not be uploaded. */
const FOUND_ONLY: [what: string, name: string][] = [
  ["hidden", ".hidden.wav"],
  ["in a hidden folder", ".hidden/a.wav"],
  ["a backslash", "a\\b.wav"],
  ["a parent by backslash", "..\\b.wav"],
  ["a drive", "C:/b.wav"],
  ["a drive's folder", "C:b.wav"],
  ["a stream of NTFS", "b.wav:x"],
  ["a device path", "\\\\?\\C:\\b.wav"],
  ["a star", "A*Teens.wav"],
  ["a question mark", "Who Are You?.wav"],
  ["a quote", 'The "Best".wav'],
  ["a less-than sign", "<3.wav"],
  ["a greater-than sign", ">.wav"],
  ["a pipe", "a|b.wav"],
  ["CON", "CON"],
  ["con with an ending", "con.wav"],
  ["con with a blank and an ending", "con .wav"],
  ["Aux below", "a/Aux.tar.wav"],
  ["NUL as a folder", "nul/a.wav"],
  ["PRN", "prn.wav"],
  ["COM1", "COM1.wav"],
  ["com¹", "com¹.wav"],
  ["LPT9", "lpt9.wav"],
  ["CONIN$", "conin$.wav"],
  ["a dot at the end", "a.wav."],
  ["a blank at the end", "a.wav "],
  ["a dot at a folder's end", "R.E.M./b.wav"],
  ["a blank at a folder's end", "a /b.wav"],
  ["a zero-width joiner between letters", "a\u200db.wav"],
  ["a zero-width space", "a\u200b.wav"],
  ["a soft hyphen", "a\u00ad.wav"],
  ["a byte order mark", "\ufeffa.wav"],
  ["a line separator", "a\u2028b.wav"],
  ["blank but for its ending", " .wav"],
  ["only wide blanks", "\u3000\u2800.wav"],
  ["a blank folder", "\u00a0/a.wav"],
  ["an invisible filler", "\u3164.wav"],
  ["an address", "192.0.2.7.wav"],
  ["an address without its ending", "192.0.2.7"],
  ["an IPv6 address", "[::1].wav"],
  ["a key", "0123456789abcdef01234567.wav"],
];

/** Names that are never served. */
const REFUSED: [what: string, name: string][] = [
  ["an empty name", ""],
  ["absolute", "/song.wav"],
  ["the folder itself", "."],
  ["the parent folder", ".."],
  ["a part ..", "a/../b.wav"],
  ["a part .", "a/./b.wav"],
  ["a parent at the end", "a/.."],
  ["an empty part", "a//b.wav"],
  ["a folder", "a/"],
  ["NUL", "a\0.wav"],
  ["a line break", "a\n.wav"],
  ["an escape", "a\x1b[2J.wav"],
  ["DEL", "a\x7f.wav"],
  ["a C1 control", "a\x85.wav"],
  ...["061c", "200e", "200f", "202a", "202e", "2066", "2069"].map((
    code,
  ): [string, string] => [
    `with the bidirectional U+${code}`,
    `a${String.fromCharCode(parseInt(code, 16))}b.wav`,
  ]),
  ["half a surrogate pair", "a\ud800.wav"],
  ["256 bytes", "a".repeat(256)],
  ["256 bytes in fewer characters", "ü".repeat(128)],
  ["a folder of 256 bytes", `${"a".repeat(256)}/b.wav`],
  ["17 parts", `${"a/".repeat(16)}b`],
  ["a million parts", "a/".repeat(1_000_000)],
];

Deno.test("checkSongName() returns valid names unchanged", () => {
  for (const name of PORTABLE) assert.equal(checkSongName(name), name);
  for (const [, name] of FOUND_ONLY) assert.equal(checkSongName(name), name);
});

Deno.test("checkNewSongName() returns the name unchanged when every system can store it", () => {
  for (const name of PORTABLE) assert.equal(checkNewSongName(name), name);
});

for (const [what, name] of [...REFUSED, ...FOUND_ONLY]) {
  Deno.test(`checkNewSongName() throws bad-name when it is ${what}`, () => {
    assert.throws(() => checkNewSongName(name), {
      code: "bad-name",
      fatal: false,
    });
  });
}

for (const [what, name] of REFUSED) {
  Deno.test(`checkSongName() throws bad-name when it is ${what}`, () => {
    assert.throws(() => checkSongName(name), { code: "bad-name" });
  });
}

Deno.test("isHidden() is true of exactly one leading dot", () => {
  const table: [string, boolean][] = [
    [".a.wav", true],
    ["._a.wav", true],
    [".", true],
    ["a", false],
    ["..a.wav", false],
    ["...Baby.wav", false],
    ["a.b", false],
  ];
  for (const [name, is] of table) assert.equal(isHidden(name), is, name);
});

Deno.test("checkSongName() describes a bad name in one short line", () => {
  for (const [what, name] of [...REFUSED, ...FOUND_ONLY]) {
    assert.throws(() => checkNewSongName(name), ({ message }: Error) => {
      assert.equal(isUnsafeText(message), false, what);
      return message.length < 300;
    });
  }
});

Deno.test("checkNewSongName() rejects every name that leaves the folder", () => {
  // fast-check's unit "binary" takes seconds to prepare.
  const character = fc.nat(0x10ffff)
    .map((code) => String.fromCodePoint(code))
    .filter((text) => text.isWellFormed());
  const part = fc.oneof(
    fc.constantFrom("..", ".", "", "a", "CON", "a\\..", "...", ".. ", "\0"),
    fc.string({ unit: character, maxLength: 6 }),
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
    const name = parts.join("/");
    try {
      checkNewSongName(name);
    } catch (error) {
      assert.equal((error as { code: string }).code, "bad-name");
      return;
    }
    const { pathname } = new URL(
      name.split("/").map(encodeURIComponent).join("/"),
      "file:///music/",
    );
    assert.ok(pathname.startsWith("/music/"), name);
    assert.equal(pathname.split("/").length, 2 + name.split("/").length);
  }));
});

const SAME: [what: string, a: string, b: string][] = [
  ["case", "Ode to Joy.wav", "ODE TO joy.WAV"],
  ["case beyond ASCII", "FÜR ELISE.wav", "für elise.wav"],
  ["normal form", "für.wav", "fu\u0308r.wav"],
  ["normal form and case", "FÜR.wav", "fu\u0308r.wav"],
  ["a capital sharp s", "STRA\u1e9eE.wav", "straße.wav"],
  ["a final sigma", "ΟΔΟΣ.wav", "οδος.wav"],
  ["the Kelvin sign", "\u212a.wav", "k.wav"],
  ["the Ångström sign", "\u212b.wav", "å.wav"],
];

for (const [what, a, b] of SAME) {
  Deno.test(`nameKey() is the same when names differ only in ${what}`, () => {
    assert.equal(nameKey(a), nameKey(b));
  });
}

Deno.test("nameKey() of a sigma does not depend on what follows it", () => {
  assert.equal(nameKey("ΟΔΟΣ.wav"), nameKey("ΟΔΟΣ") + nameKey(".wav"));
});

Deno.test("nameKey() differs for different names", () => {
  const keys = ["a.wav", "b.wav", "ä.wav", "a .wav", "x/a.wav"].map(nameKey);
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("nameKey() is idempotent", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => {
    assert.equal(nameKey(nameKey(name)), nameKey(name));
    assert.equal(nameKey(name.normalize("NFD")), nameKey(name));
    assert.equal(nameKey(name.toUpperCase()), nameKey(name));
  }));
});

Deno.test("hasSongEnding() accepts the endings of all formats in any case", () => {
  const table: [string, boolean][] = [
    ["a.wav", true],
    ["a.WaVe", true],
    ["a.bwf", true],
    ["a.Bwf", true],
    [".wav", true],
    ["wav", false],
    ["a.wav.part", false],
    ["a.mp3", true],
    ["a.FLAC", true],
    ["a.m4b", true],
    ["a.txt", false],
    ["a.wav ", false],
  ];
  for (const [name, is] of table) assert.equal(hasSongEnding(name), is, name);
});

Deno.test("checkDeviceName() returns valid names", () => {
  const names = [
    "a",
    "Ana's phone",
    "küche 2",
    "🎧".repeat(64),
    "10.0.0",
    "pi",
  ];
  for (const name of names) assert.equal(checkDeviceName(name), name);
});

Deno.test("checkDeviceName() throws bad-name for invalid names", () => {
  const names = [
    "",
    " ",
    "x".repeat(65),
    "a\nb",
    "a\x1b[31m",
    "a\u202eb",
    "a\u2066b",
    "a\u2028b",
    "a\ud800",
    "127.0.0.1",
    "127.0.0.1:4040",
    "[::1]:4040",
    "::1",
    "fe80::1%eth0",
    " 192.0.2.7 ",
    "kitchen:4040",
    "\u200b",
    "a\u200db",
    "a\u00adb",
    "\u3164",
    "\u2800",
    "0123456789abcdef01234567",
    "0123456789ABCDEF01234567",
    "x".repeat(1_000_000),
  ];
  for (const name of names) {
    assert.throws(() => checkDeviceName(name), { code: "bad-name" }, name);
  }
});

Deno.test("looksLikeAddress() distinguishes addresses from names", () => {
  const table: [string, boolean][] = [
    ["192.0.2.7", true],
    ["192.0.2.7:1", true],
    ["fe80::1", true],
    ["2001:db8:0:0:0:0:0:1", true],
    ["[2001:db8::1]:80", true],
    ["pi:80", true],
    ["[fe80::1%eth0]:80", true],
    ["[kitchen]", false],
    ["[add]", false],
    ["1:" + "1".repeat(100_000) + "x", false],
    [":".repeat(100_000) + "x", false],
    ["pi", false],
    ["1.2.3", false],
    ["Track 1: Ana", false],
    ["v1.2.3.4", false],
  ];
  for (const [text, is] of table) {
    assert.equal(looksLikeAddress(text), is, text);
  }
});
