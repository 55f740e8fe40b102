import assert from "node:assert/strict";
import { temporaryName } from "../../lib/io/temporary_name.ts";
import { isNews, watchFolder } from "../../lib/io/watch_folder.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { TempFolder } from "../support/programs.ts";

const UPLOAD = `/music/live/${temporaryName()}`;
const CASES: [kind: Deno.FsEvent["kind"], paths: string[], isNews: boolean][] =
  [
    ["create", ["/music/a.wav"], true],
    ["remove", ["/music/live"], true],
    ["rename", [UPLOAD, "/music/live/a.wav"], true],
    ["access", ["/music/a.wav"], false],
    ["create", [UPLOAD], false],
    ["other", [], true],
    ["modify", [UPLOAD], false],
    ["remove", [UPLOAD], false],
  ];

for (const [kind, paths, expected] of CASES) {
  const what = paths.map((path) => path === UPLOAD ? "an upload" : path);
  Deno.test(`isNews() is ${expected} at ${kind} of ${what.join(" to ")}`, () => {
    assert.equal(isNews({ kind, paths }), expected);
  });
}

Deno.test({
  name: "watchFolder() tells which song has changed",
  ignore: Deno.build.os !== "linux", // others tell of the folder itself as well
  async fn() {
    await using folder = await TempFolder.make();
    const ending = new AbortController();
    const changed = Promise.withResolvers<void>();
    const watching = watchFolder(folder.path, (changes) => {
      assert.equal(changes.touches("a.wav"), true);
      assert.equal(changes.touches("b.wav"), false);
      changed.resolve();
      return Promise.resolve();
    }, ending.signal);
    await Deno.writeTextFile(folder.file("a.wav"), "a song");
    await changed.promise;
    ending.abort();
    await watching;
  },
});

Deno.test("watchFolder() looks at all each minute, and less often where that takes long", async () => {
  await using folder = await TempFolder.make();
  const ending = new AbortController();
  const clock = new FakeClock();
  const looksAtMs: number[] = [];
  const watching = watchFolder(
    folder.path,
    async (changes) => {
      assert.equal(changes.touches("a.wav"), true);
      looksAtMs.push(clock.now());
      await clock.sleep(10_000);
    },
    ending.signal,
    clock,
  );
  for (let i = 0; i < 60; i++) await clock.advance(10_000);
  const [first, second] = looksAtMs;
  assert.equal(first, 60_000);
  assert.equal(second, 60_000 + 10_000 + 200_000);
  ending.abort();
  await clock.advance(10_000);
  await watching;
});

Deno.test({
  name:
    "watchFolder() tells of changes beside a folder that may not be read, in new folders too",
  ignore: Deno.build.os !== "linux", // others watch a tree as one
  async fn() {
    await using folder = await TempFolder.make();
    await Deno.mkdir(folder.file("a/b"), { recursive: true });
    const ending = new AbortController();
    const [all, old, young] = [1, 2, 3].map(() =>
      Promise.withResolvers<void>()
    );
    const watching = watchFolder(
      folder.path,
      (changes) => {
        if (changes.touches("x")) all.resolve();
        if (changes.touches("a/b/1.wav")) old.resolve();
        if (changes.touches("c/d/2.wav")) young.resolve();
        return Promise.resolve();
      },
      ending.signal,
      undefined,
      (paths, options) => {
        if (options?.recursive === false) return Deno.watchFs(paths, options);
        throw new Deno.errors.PermissionDenied("about lost+found");
      },
    );
    await all.promise;
    await Deno.writeTextFile(folder.file("a/b/1.wav"), "a song");
    await old.promise;
    await Deno.mkdir(folder.file("c/d"), { recursive: true });
    await Deno.writeTextFile(folder.file("c/d/2.wav"), "a song");
    await young.promise;
    ending.abort();
    await watching;
  },
});
