import assert from "node:assert/strict";
import { browserName } from "../../web/model/browser_name.ts";
import {
  bytesText,
  folderOf,
  playlistTitle,
  spokenTime,
  timeText,
  titleOf,
} from "../../web/model/words.ts";
import { randomUuid } from "../../web/io/random_uuid.ts";

Deno.test("timeText(), bytesText(), titleOf(), playlistTitle() and folderOf() give readable texts", () => {
  assert.deepEqual([0, 59.9, 185, 3723].map(timeText), [
    ...["0:00", "0:59", "3:05", "1:02:03"],
  ]);
  assert.deepEqual([0, 999, 1500, 12_300, 2e9].map(bytesText), [
    ...["0 B", "999 B", "1.5 kB", "12 kB", "2.0 GB"],
  ]);
  assert.deepEqual([999.7, 9960, 999_400, 999_700, 3e15].map(bytesText), [
    ...["1.0 kB", "10 kB", "999 kB", "1.0 MB", "3000 TB"],
  ]);
  assert.deepEqual(["a/b/c d.WAV", "e.wave", "f.M4A"].map(titleOf), [
    ...["c d", "e", "f"],
  ]);
  assert.deepEqual(["a/  .wav", "\u3164.wav"].map(titleOf), [
    ...["  .wav", "\u3164.wav"],
  ]);
  assert.deepEqual(["a/b.m3u8", "c.M3U", ".m3u"].map(playlistTitle), [
    ...["b", "c", ".m3u"],
  ]);
  assert.deepEqual([0, 61.9, 3600].map(spokenTime), [
    ...["0 seconds", "1 minute 1 second", "1 hour 0 minutes 0 seconds"],
  ]);
  assert.deepEqual(["a/b/c d.WAV", "e.wave"].map(folderOf), ["a/b", ""]);
});

Deno.test("browserName() names browser and system by the user agent", () => {
  const mozilla = "Mozilla/5.0";
  assert.deepEqual(
    [
      `${mozilla} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0`,
      `${mozilla} (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0`,
      `${mozilla} (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36`,
      `${mozilla} (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile Safari/604.1`,
      "",
    ].map(browserName),
    [
      "Firefox on Linux",
      "Edge on Windows",
      "Chrome on Android",
      "Safari on iPhone",
      "Browser",
    ],
  );
});

Deno.test("randomUuid() returns distinct UUIDs of version 4", () => {
  const made = new Set(Array.from({ length: 100 }, randomUuid));
  assert.equal(made.size, 100);
  for (const uuid of made) {
    assert.match(
      uuid,
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});
