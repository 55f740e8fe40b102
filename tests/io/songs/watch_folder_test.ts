import assert from "node:assert/strict";
import { temporaryName } from "../../../lib/io/disk/temporary_name.ts";
import {
  isNews,
  watchFolder,
  type WatchFs,
} from "../../../lib/io/songs/watch_folder.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { TempFolder } from "../../support/programs.ts";

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
  name:
    "watchFolder() reports all once it watches, then which song has changed",
  ignore: Deno.build.os !== "linux", // other systems report the folder itself as well
  async fn() {
    await using folder = await TempFolder.make();
    const ending = new AbortController();
    const began = Promise.withResolvers<void>();
    const changed = Promise.withResolvers<void>();
    const watching = watchFolder(folder.path, (changes) => {
      if (changes.touches("b.wav")) return Promise.resolve(began.resolve());
      assert.equal(changes.touches("a.wav"), true);
      changed.resolve();
      return Promise.resolve();
    }, ending.signal);
    await began.promise;
    await Deno.writeTextFile(folder.file("a.wav"), "a song");
    await changed.promise;
    ending.abort();
    await watching;
  },
});

Deno.test("watchFolder() scans everything as often as it is told", async () => {
  await using folder = await TempFolder.make();
  const ending = new AbortController();
  const clock = new FakeClock();
  const looksAtMs: number[] = [];
  const watching = watchFolder(
    folder.path,
    (changes) => {
      assert.equal(changes.touches("a.wav"), true);
      looksAtMs.push(clock.now());
      return Promise.resolve();
    },
    ending.signal,
    { lookMs: 600_000, clock, identify: () => Promise.resolve("") },
  );
  await clock.advance(250);
  for (let i = 0; i < 20; i++) await clock.advance(60_000);
  assert.deepEqual(looksAtMs, [250, 600_000, 1_200_000]);
  ending.abort();
  await clock.advance(0);
  await watching;
});

Deno.test("watchFolder() scans everything less often when scans are slow", async () => {
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
    { lookMs: 60_000, clock, identify: () => Promise.resolve("") },
  );
  for (let i = 0; i < 60; i++) await clock.advance(10_000);
  const [, first, second] = looksAtMs;
  assert.equal(first, 60_000);
  assert.equal(second, 60_000 + 10_000 + 200_000);
  ending.abort();
  await clock.advance(10_000);
  await watching;
});

const HARD_TO_WATCH: Record<string, { hasLinks: boolean }> = {
  "a folder that may not be read": { hasLinks: false },
  "links to folders": { hasLinks: true },
};

for (const [what, options] of Object.entries(HARD_TO_WATCH)) {
  Deno.test({
    name:
      `watchFolder() reports changes beside ${what}, in new folders too, and follows no link`,
    ignore: Deno.build.os !== "linux", // other systems watch whole trees
    async fn() {
      await using folder = await TempFolder.make();
      await Deno.mkdir(folder.file("a/b"), { recursive: true });
      await Deno.symlink("/", folder.file("all"));
      const ending = new AbortController();
      const [all, old, young] = [1, 2, 3].map(() =>
        Promise.withResolvers<void>()
      );
      const watchFs: WatchFs = (paths, how) => {
        if (how?.recursive !== false) {
          assert.equal(options.hasLinks, false);
          throw new Deno.errors.PermissionDenied("about lost+found");
        }
        for (const path of paths) assert.ok(!path.endsWith("all"));
        return Deno.watchFs(paths, how);
      };
      const watching = watchFolder(
        folder.path,
        (changes) => {
          if (changes.touches("x")) all.resolve();
          if (changes.touches("a/b/1.wav")) old.resolve();
          if (changes.touches("c/d/2.wav")) young.resolve();
          return Promise.resolve();
        },
        ending.signal,
        { ...options, watchFs },
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
}

Deno.test("watchFolder() watches the folder that is mounted in the place of another, and scans it within a minute", async () => {
  const clock = new FakeClock();
  const ending = new AbortController();
  const identities = ["first", "first", "second", "second", "second"];
  const watchers: { isClosed: boolean }[] = [];
  const watchFs = () => {
    const watcher = { isClosed: false };
    const over = Promise.withResolvers<void>();
    watchers.push(watcher);
    return {
      close() {
        watcher.isClosed = true;
        over.resolve();
      },
      [Symbol.asyncIterator]: () => ({
        next: () => over.promise.then(() => ({ done: true })),
      }),
    } as unknown as Deno.FsWatcher;
  };
  const looksAtMs: number[] = [];
  const watching = watchFolder(
    "/music",
    (changes) => {
      assert.equal(changes.touches("a.wav"), true);
      looksAtMs.push(clock.now());
      return Promise.resolve();
    },
    ending.signal,
    {
      ...{ clock, watchFs, lookMs: 600_000 },
      identify: () => Promise.resolve(identities.shift() ?? "second"),
    },
  );
  await clock.advance(60_000);
  assert.deepEqual(watchers, [{ isClosed: false }]);
  for (let i = 0; i < 3; i++) await clock.advance(60_000);
  assert.deepEqual(watchers, [{ isClosed: true }, { isClosed: false }]);
  assert.deepEqual(looksAtMs, [250, 120_000]);
  ending.abort();
  await clock.advance(60_000);
  await watching;
  assert.equal(watchers[1].isClosed, true);
});
