import assert from "node:assert/strict";
import { clientCommand } from "../../lib/cli/client_program.ts";
import { placeIn } from "../../lib/cli/completion.ts";
import { NAMES } from "../../lib/cli/remembered_names.ts";
import { CLIENT_FEATURES } from "../../lib/wire/features.ts";

const PROGRAM = clientCommand();

Deno.test("placeIn() finds what kind of name may stand at the end of a line", () => {
  const cases: [string[], string | null][] = [
    [["play", ""], "song"],
    [["play", "a", ""], "song"],
    [["play", "--from", ""], null],
    [["play", "--from", "3", ""], "song"],
    [["--server", "play", "play", ""], "song"],
    [["queue", "add", ""], "song"],
    [["cast", "a", "--to", ""], "device"],
    [["cast", "a", "--to", "b", ""], "device"],
    [["cast", "a", "--to=b", ""], "song"],
    [["cast", "--to=", "a", "--shuffle", ""], "song"],
    [["pause", "--to="], "device"],
    [["group", ""], "device"],
    [["move", "--from", ""], "device"],
    [["play", "--", "-"], "song"],
    [["upload", ""], "file"],
    [["list", "--token-file", ""], "file"],
    [["list", "--cache-dir="], "file"],
    [["use", ""], null],
    [["no such", ""], null],
    [["receive", ""], null],
  ];
  for (const [words, names] of cases) {
    assert.equal(placeIn(PROGRAM, words).names, names, words.join(" "));
  }
});

Deno.test("placeIn() offers commands, options and the values of options", () => {
  const cases: [string[], string[]][] = [
    [["playl"], ["playlists"]],
    [["queue", "cl"], ["clear"]],
    [["receive", "--gai"], ["--gain"]],
    [["receive", "--gain", "t"], ["track"]],
    [["receive", "--gain=t"], ["track"]],
    [["install", "se"], ["server"]],
    [["completion", "p"], ["powershell"]],
    [["receive", "--", "--gai"], []],
    [["cast", "a", "cl"], []],
    [["-"], []],
  ];
  for (const [words, expected] of cases) {
    const place = placeIn(PROGRAM, words);
    const found = place.words.filter((word) =>
      word.startsWith(place.typed) && !word.startsWith("--") ||
      place.typed.length > 2 && word.startsWith(place.typed)
    );
    assert.deepEqual(found, expected, words.join(" "));
  }
});

Deno.test("placeIn() finds the server that a line names", () => {
  const cases: [string[], string | undefined][] = [
    [["play", ""], undefined],
    [["--server", "pi", "play", ""], "pi"],
    [["play", "--server=pi", ""], "pi"],
    [["play", "--", "--server", "pi", ""], undefined],
  ];
  for (const [words, server] of cases) {
    assert.equal(placeIn(PROGRAM, words).server, server, words.join(" "));
  }
});

/** A session with a server that has three songs, an album and two devices. */
function session(features: readonly string[] = CLIENT_FEATURES) {
  const asked: string[] = [];
  const answers: Record<string, unknown> = {
    list: {
      songs: [
        { name: "a.wav", format: {} },
        { name: "-b.wav", format: {} },
        { name: "broken.wav", format: null },
      ],
    },
    albums: { albums: [{ album: "Goldberg: Aria" }, { album: "" }] },
    artists: { artists: [{ artist: "Glenn Gould" }] },
    playlists: { playlists: [{ name: "Evening.m3u8" }] },
    online: {
      clients: [
        { name: "Kitchen", receiving: true },
        { name: "Phone", receiving: false },
      ],
    },
    groups: {
      groups: [
        { name: "Kitchen", devices: [{}] },
        { name: "Downstairs", devices: [{}, {}] },
      ],
    },
  };
  const asking = {
    welcome: Promise.resolve({ features }),
    request({ type }: { type: string }) {
      asked.push(type);
      return Promise.resolve(answers[type]);
    },
  };
  // deno-lint-ignore no-explicit-any -- only what is asked for
  return { asking: asking as any, asked };
}

Deno.test("NAMES.song() asks for songs, albums, artists or playlists", async () => {
  const cases: [string, string[]][] = [
    ["", ["album:", "artist:", "playlist:", "a.wav"]],
    ["song:", ["song:a.wav", "song:-b.wav"]],
    ["album:G", ["album:Goldberg: Aria"]],
    ["Artist:", ["artist:Glenn Gould"]],
    ["playlist:", ["playlist:Evening.m3u8"]],
  ];
  for (const [typed, expected] of cases) {
    assert.deepEqual(await NAMES.song(session().asking, typed), expected);
  }
});

Deno.test("NAMES asks an old server nothing that it does not know", async () => {
  const { asking, asked } = session([]);
  assert.deepEqual(await NAMES.song(asking, "album:"), []);
  assert.deepEqual(await NAMES.device(asking), ["Kitchen", "all"]);
  assert.deepEqual(asked, ["online"]);
});

Deno.test("NAMES.device() asks for receivers and for groups of several", async () => {
  assert.deepEqual(
    await NAMES.device(session().asking),
    ["Kitchen", "Downstairs", "all"],
  );
});
