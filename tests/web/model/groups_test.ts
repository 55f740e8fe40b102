import assert from "node:assert/strict";
import { notices } from "../../../web/model/notices.ts";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";
import { MemoryPage, modelTest, sent } from "../../support/memory_page.ts";

/** A page at a server with the songs a to e, and three devices. */
async function household() {
  const page = await MemoryPage.open();
  for (const [i, name] of [..."abcde"].entries()) {
    page.server.songs.add(`${name}.wav`, wavFile(PHONE, noise(240_000, i)));
  }
  const kitchen = await page.device("kitchen");
  const hall = await page.device("hall");
  const porch = await page.device("porch");
  await page.groups.watch(page.session!);
  return { page, kitchen, hall, porch };
}

modelTest(
  "Groups shows each device alone at first, in a place that does not change as it plays",
  async () => {
    const { page } = await household();
    const names = () => page.groups.rows.value?.map(({ name }) => name);
    assert.deepEqual(names(), ["hall", "kitchen", "porch"]);
    await page.actions.play(page.row("kitchen"), { songs: ["a"], title: "a" });
    await page.news();
    assert.deepEqual(names(), ["hall", "kitchen", "porch"]);
    assert.equal(page.row("kitchen").state, "playing");
    assert.equal(page.row("kitchen").song, "a.wav");
  },
);

modelTest(
  "Groups.positionOf() moves on while a group plays, and stands while it is paused",
  async () => {
    const { page } = await household();
    const { groups, client: { clock } } = page;
    const position = () => {
      groups.tick();
      return Math.round(groups.positionOf(page.row("kitchen")) * 10) / 10;
    };
    await page.actions.play(page.row("kitchen"), { songs: ["a"], title: "a" });
    await page.news();
    const before = position();
    await clock.advance(2_000);
    assert.equal(position(), before + 2);
    await page.actions.control(page.row("kitchen"), { action: "pause" });
    await page.news();
    const paused = position();
    await clock.advance(2_000);
    assert.equal(position(), paused);
  },
);

modelTest(
  "GroupActions.control() shows a seek at once, and what the server says later",
  async () => {
    const { page } = await household();
    await page.actions.play(page.row("kitchen"), { songs: ["a"], title: "a" });
    await page.news();
    const asked = page.actions.control(page.row("kitchen"), {
      action: "seek",
      value: 10,
    });
    assert.equal(page.groups.positionOf(page.row("kitchen")), 10);
    await asked;
    await page.client.clock.advance(4_000);
    page.groups.tick();
    const later = page.groups.positionOf(page.row("kitchen"));
    assert.ok(later > 13 && later < 14.1, `${later} s`);
  },
);

modelTest(
  "GroupActions shows at once what was asked for, and what is if nothing comes of it",
  async () => {
    const { page } = await household();
    const { actions, groups, client: { clock } } = page;
    await actions.play(page.row("kitchen"), { songs: ["a"], title: "a" });
    await page.news();
    await clock.advance(2_000);
    groups.tick();
    const row = () => page.row("kitchen");
    const before = groups.positionOf(row());
    const asked = [
      actions.control(row(), { action: "pause" }),
      actions.control(row(), { action: "repeat", value: "all" }),
      actions.control(row(), { action: "shuffle", value: true }),
      actions.mute(row().devices[0], true),
    ];
    const shown = () => {
      const { state, repeat, shuffle, devices: [{ muted }] } = row();
      return [state, repeat, shuffle, muted];
    };
    assert.deepEqual(shown(), ["paused", "all", true, true]);
    // It neither goes on nor jumps.
    assert.equal(groups.positionOf(row()), before);
    await Promise.all(asked);
    await page.news();
    groups.tick();
    assert.deepEqual(shown(), ["paused", "all", true, true]);
    assert.ok(Math.abs(groups.positionOf(row()) - before) < 0.1);

    // Of what the server never hears, nothing stays.
    groups.expect("state", row().group, "playing");
    assert.equal(row().state, "playing");
    await clock.advance(3_500);
    groups.tick();
    assert.equal(row().state, "paused");
  },
);

modelTest(
  "GroupActions.setVolume() sets one device, or all of a group in their ratios",
  async () => {
    const { page } = await household();
    const { actions } = page;
    await actions.group([
      ...page.row("kitchen").devices,
      ...page.row("hall").devices,
    ], "downstairs");
    await page.news();
    const row = () => page.row("downstairs");
    const volumes = () => row().devices.map(({ volume }) => volume);
    const [first] = row().devices;
    await actions.setVolume(first, 40);
    assert.equal(row().devices[0].volume, 40);
    await page.news();
    assert.deepEqual(volumes(), [40, 100]);
    await actions.setVolume(row(), 50);
    assert.equal(row().volume, 50);
    await page.news();
    assert.deepEqual(volumes(), [20, 50]);
  },
);

modelTest(
  "a volume that was set does not snap back when there are still news of a former one",
  async () => {
    const { page, kitchen } = await household();
    const { groups, client: { clock } } = page;
    const [device] = page.row("kitchen").devices;
    const shown = () => {
      groups.tick();
      return page.row("kitchen").devices[0].volume;
    };
    await page.actions.setVolume(device, 40);
    await clock.advance(300);
    // It has acted on that.
    await kitchen.send({ type: "pong" });
    await kitchen.send({
      ...{ type: "state", stream: 0, position: 0, volume: 70 },
      ...{ playing: false, underruns: 0 },
    });
    await clock.advance(300);
    assert.equal(shown(), 40);
    await clock.advance(1_000);
    assert.equal(shown(), 70);
  },
);

modelTest(
  "GroupActions.mute() and delay() reach the device that is meant",
  async () => {
    const { page, hall } = await household();
    const [device] = page.row("hall").devices;
    await page.actions.mute(device, true);
    await page.actions.delay(device, 120);
    await page.news();
    assert.deepEqual(
      sent(hall, "control").map(({ action, value }) => [action, value]),
      [["mute", true], ["delay", 120]],
    );
    const [{ muted, delay }] = page.row("hall").devices;
    assert.deepEqual({ muted, delay }, { muted: true, delay: 120 });
  },
);

modelTest("a group is made, moved and parted", async () => {
  const { page } = await household();
  const devices = (...names: string[]) =>
    names.flatMap((name) => page.row(name).devices);
  const shown = () =>
    page.groups.rows.value!.map((row) => row.devices.map((it) => it.name));
  const [porch] = devices("porch");
  await page.actions.play(page.row("kitchen"), { songs: ["a"], title: "a" });
  await page.actions.group(devices("kitchen", "hall"));
  await page.news();
  assert.deepEqual(shown(), [["kitchen", "hall"], ["porch"]]);
  await page.actions.move(page.row("kitchen, hall"), [porch]);
  await page.news();
  assert.equal(page.row("porch").song, "a.wav");
  assert.deepEqual(shown().flat().sort(), ["hall", "kitchen", "porch"]);
  await page.actions.group([porch, ...devices("hall")]);
  await page.news();
  await page.actions.ungroup([porch]);
  await page.news();
  assert.equal(page.groups.of(porch.key)?.devices.length, 1);
});

/** The songs in the queue of a group. */
async function queued(page: MemoryPage, name: string): Promise<string[]> {
  const { group } = page.row(name);
  const songs: string[] = [];
  let after: number | undefined;
  while (true) {
    const it = await page.session!.request({ type: "entries", group, after });
    songs.push(...it.entries.map(({ song }) => song));
    if (!it.more) return songs;
    after = it.entries.at(-1)!.entry;
  }
}

modelTest(
  "rooms that are away stand behind those that are ready",
  async () => {
    const { page, hall, porch } = await household();
    const floor = ["hall", "porch"].flatMap((name) => page.row(name).devices);
    await page.actions.group(floor, "a floor");
    await page.news();
    const names = () => page.groups.rows.value!.map(({ name }) => name);
    assert.deepEqual(names(), ["a floor", "kitchen"]);
    for (const { transport } of [hall, porch]) transport.close();
    await page.news();
    assert.deepEqual(names(), ["kitchen", "a floor"]);
  },
);

modelTest(
  "a long choice begins at its song, and is queued to its end and from its beginning",
  async () => {
    const { page } = await household();
    const songs = Array.from(
      { length: 2_500 },
      (_, i) => `${"abcde"[i % 5]}.wav`,
    );
    const choice = { songs, title: "many", at: 1_203 };
    await page.actions.play(page.row("kitchen"), choice);
    await page.news();
    await page.news();
    const { entry, song, songs: total } = page.row("kitchen");
    assert.deepEqual([total, entry, song], [2_500, 51, "d.wav"]);
    assert.deepEqual(await queued(page, "kitchen"), songs);
  },
);

modelTest(
  "a long choice that is to play next keeps its order, before what was next",
  async () => {
    const { page } = await household();
    const row = () => page.row("kitchen");
    await page.actions.play(row(), { songs: ["a", "b"], title: "two" });
    await page.news();
    const songs = Array.from(
      { length: 1_100 },
      (_, i) => i < 1_000 ? "c" : "d",
    );
    await page.actions.play(row(), { songs, title: "many", place: "next" });
    await page.news();
    await page.news();
    const text = `a${"c".repeat(1_000)}${"d".repeat(100)}b`;
    const names = await queued(page, "kitchen");
    assert.equal(names.map((name) => name[0]).join(""), text);
  },
);

modelTest(
  "a long choice is not completed in the queue of another choice",
  async () => {
    const { page, hall } = await household();
    const songs = Array.from({ length: 2_500 }, () => "a.wav");
    const { group } = page.row("kitchen");
    await page.actions.play(page.row("kitchen"), {
      songs,
      title: "many",
      at: 0,
    });
    await hall.send({ type: "queue", to: group, songs: ["b"] });
    await page.news();
    await page.news();
    const left = await page.session!.request({ type: "entries", group });
    assert.ok(left.total <= 1_001, `${left.total} entries`);
  },
);

modelTest(
  "who presses next twice skips one song, and sees no error",
  async () => {
    const { page } = await household();
    await page.actions.play(page.row("kitchen"), {
      songs: ["a", "b", "c"],
      title: "album",
    });
    await page.news();
    const row = page.row("kitchen");
    const before = notices.value;
    const next = { action: "next", entry: row.entry! } as const;
    await page.actions.control(row, next);
    await page.actions.control(row, next);
    await page.news();
    assert.equal(page.row("kitchen").song, "b.wav");
    assert.deepEqual(notices.value, before);
  },
);

modelTest(
  "rooms that are joined while the server is away do not replace others that were",
  async () => {
    const { page } = await household();
    for (const name of ["attic", "bath"]) await page.device(name);
    await page.news();
    const { session } = page;
    page.session = null;
    for (const pair of [["kitchen", "hall"], ["attic", "bath"]]) {
      const devices = pair.flatMap((name) => page.row(name).devices);
      await page.actions.group(devices);
    }
    page.session = session;
    page.errands.runReady();
    await page.news();
    assert.deepEqual(
      page.groups.rows.value!.map(({ name }) => name).sort(),
      ["attic, bath", "kitchen, hall", "porch"],
    );
  },
);
