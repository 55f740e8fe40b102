import assert from "node:assert/strict";
import {
  checkDeviceName,
  checkSongName,
  hasSongEnding,
  looksLikeAddress,
  nameKey,
} from "../../lib/model/song_name.ts";
import fc from "../support/fast_check.ts";

const ALLOWED = [
  "a",
  "song.wav",
  "live/song.wav",
  "a/b/c/d.wav",
  ".hidden.wav",
  "..wav.wav",
  "...a",
  "Für Elise.wav",
  "北国の春.wav",
  "🎵.wav",
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
  "a'b;c&d.wav",
  "a".repeat(255),
  "ü".repeat(127) + "a", // 255 bytes
  ["a".repeat(255), "b".repeat(255), "c".repeat(255), "d".repeat(255)]
    .join("/"), // 1,023 bytes
];

const REFUSED: [what: string, name: string][] = [
  ["nothing", ""],
  ["absolute", "/song.wav"],
  ["the folder itself", "."],
  ["above", ".."],
  ["a part ..", "a/../b.wav"],
  ["a part .", "a/./b.wav"],
  ["above, at the end", "a/.."],
  ["an empty part", "a//b.wav"],
  ["a folder", "a/"],
  ["a backslash", "a\\b.wav"],
  ["above, by backslash", "..\\b.wav"],
  ["a drive", "C:/b.wav"],
  ["a drive's folder", "C:b.wav"],
  ["a stream of NTFS", "b.wav:x"],
  ["a device path", "\\\\?\\C:\\b.wav"],
  ["NUL", "a\0.wav"],
  ["a line break", "a\n.wav"],
  ["an escape", "a\x1b[2J.wav"],
  ["DEL", "a\x7f.wav"],
  ["a C1 control", "a\x85.wav"],
  ["half a surrogate pair", "a\ud800.wav"],
  ["a star", "*.wav"],
  ["a question mark", "a?.wav"],
  ["a quote", 'a".wav'],
  ["less", "<.wav"],
  ["more", ">.wav"],
  ["a pipe", "a|b.wav"],
  ["CON", "CON"],
  ["con with an ending", "con.wav"],
  ["Aux below", "a/Aux.tar.wav"],
  ["NUL as a folder", "nul/a.wav"],
  ["PRN", "prn.wav"],
  ["COM1", "COM1.wav"],
  ["com¹", "com¹.wav"],
  ["LPT9", "lpt9.wav"],
  ["a dot at the end", "a.wav."],
  ["a blank at the end", "a.wav "],
  ["a dot at a folder's end", "a./b.wav"],
  ["a blank at a folder's end", "a /b.wav"],
  ["256 bytes", "a".repeat(256)],
  ["256 bytes in fewer characters", "ü".repeat(128)],
  ["a folder of 256 bytes", `${"a".repeat(256)}/b.wav`],
  ["1,025 bytes in all", `${"a/".repeat(512)}b`],
];

Deno.test("checkSongName() returns the name as it is when it is allowed", () => {
  for (const name of ALLOWED) assert.equal(checkSongName(name), name);
});

for (const [what, name] of REFUSED) {
  Deno.test(`checkSongName() throws bad-name when it is ${what}`, () => {
    assert.throws(() => checkSongName(name), {
      code: "bad-name",
      fatal: false,
    });
  });
}

Deno.test("checkSongName() tells of a bad name in one short line", () => {
  for (const [what, name] of REFUSED) {
    assert.throws(() => checkSongName(name), ({ message }: Error) => {
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(message, /[\u0000-\u001f]/, what);
      return message.length < 300;
    });
  }
});

Deno.test("checkSongName() lets nothing through that leaves the folder", () => {
  const part = fc.oneof(
    fc.constantFrom("..", ".", "", "a", "CON", "a\\..", "...", ".. ", "\0"),
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  fc.assert(fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
    const name = parts.join("/");
    try {
      checkSongName(name);
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

Deno.test("nameKey() differs when names do", () => {
  const keys = ["a.wav", "b.wav", "ä.wav", "a .wav", "x/a.wav"].map(nameKey);
  assert.equal(new Set(keys).size, keys.length);
});

Deno.test("nameKey() of a key is the key", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (name) => {
    assert.equal(nameKey(nameKey(name)), nameKey(name));
    assert.equal(nameKey(name.normalize("NFD")), nameKey(name));
    assert.equal(nameKey(name.toUpperCase()), nameKey(name));
  }));
});

Deno.test("hasSongEnding() knows .wav and .wave in any case", () => {
  const table: [string, boolean][] = [
    ["a.wav", true],
    ["a.WaVe", true],
    [".wav", true],
    ["wav", false],
    ["a.wav.part", false],
    ["a.mp3", false],
    ["a.wav ", false],
  ];
  for (const [name, is] of table) assert.equal(hasSongEnding(name), is, name);
});

Deno.test("checkDeviceName() returns a name that is allowed", () => {
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

Deno.test("checkDeviceName() throws bad-name when a name may not be", () => {
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
    "kitchen:4040",
  ];
  for (const name of names) {
    assert.throws(() => checkDeviceName(name), { code: "bad-name" }, name);
  }
});

Deno.test("looksLikeAddress() tells addresses from names", () => {
  const table: [string, boolean][] = [
    ["192.0.2.7", true],
    ["192.0.2.7:1", true],
    ["fe80::1", true],
    ["2001:db8:0:0:0:0:0:1", true],
    ["[2001:db8::1]:80", true],
    ["pi:80", true],
    ["pi", false],
    ["1.2.3", false],
    ["Track 1: Ana", false],
    ["v1.2.3.4", false],
  ];
  for (const [text, is] of table) {
    assert.equal(looksLikeAddress(text), is, text);
  }
});
