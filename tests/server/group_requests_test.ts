import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import type { GroupChange, GroupStore } from "../../lib/ports/group_store.ts";
import type { Turns } from "../../lib/ports/server.ts";
import { UnkeptGroups } from "../../lib/server/groups/unkept_groups.ts";
import { settle } from "../support/fake_clock.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import type { Message, RawPeer } from "../support/raw_peer.ts";

/** A store whose saves end when the test says so. */
class HeldStore implements GroupStore {
  readonly saved: GroupChange[] = [];
  held: PromiseWithResolvers<void> | null = null;
  load = UnkeptGroups.prototype.load;
  readonly mark = UnkeptGroups.prototype.mark;
  readonly close = UnkeptGroups.prototype.close;

  save(change: GroupChange): Promise<void> {
    this.saved.push(change);
    return this.held?.promise ?? Promise.resolve();
  }
}

let devices = 0;

/** A client that waits for the answer to each of its requests. */
class Asker {
  readonly peer: RawPeer;
  readonly #server: MemoryServer;
  #ids = 0;

  constructor(server: MemoryServer, peer: RawPeer) {
    this.#server = server;
    this.peer = peer;
  }

  static async connect(server: MemoryServer, name = "person", receive = false) {
    const hello = {
      ...{ name, device: `device ${devices++}`, receive },
      features: ["groups"],
    };
    const { peer } = await server.connectWelcomed({ hello });
    return new Asker(server, peer);
  }

  /** Sends a request. @returns Its answer, once there is one. */
  async send(message: Message): Promise<() => Message | undefined> {
    const id = ++this.#ids;
    await this.peer.send({ ...message, id });
    await settle();
    return () => this.peer.messages().find(({ re }) => re === id);
  }

  async ask(message: Message): Promise<Message> {
    const answer = (await this.send(message))();
    assert.ok(answer, `no answer to ${message.type}`);
    return answer;
  }

  /** What its queue has, one letter for each song. */
  async songs(group: string): Promise<string> {
    const { entries } = await this.ask({ type: "entries", group });
    return entries.map(({ song }: { song: string }) => song[0]).join("");
  }
}

/** A receiving kitchen whose queue has the songs a to e, and a person. */
async function setUp(store?: GroupStore, turns?: Turns) {
  const server = new MemoryServer({ maxClients: 5000, store, turns });
  for (const [i, name] of [..."abcde"].entries()) {
    server.songs.add(`${name}.wav`, wavFile(PHONE, noise(240_000, i + 1)));
  }
  const kitchen = await Asker.connect(server, "kitchen", true);
  const person = await Asker.connect(server);
  const songs = [..."abcde"];
  const { group } = await person.ask({ type: "queue", to: "kitchen", songs });
  return { server, kitchen, person, group };
}

Deno.test("entries follow a song that is renamed, and watchers of its group are notified", async () => {
  const { server, person, group } = await setUp();
  const renamer = (await server.connectWelcomed({
    clientAddress: "127.0.0.1:4711",
    hello: { device: "renamer", features: ["rename", "groups"] },
  })).peer;
  await person.ask({ type: "groups", watch: true });
  for (const [song, name] of [["a", "z"], ["z", "y"]]) {
    await renamer.send({ type: "rename", song, name });
    assert.equal((await renamer.next("renamed")).song, `${name}.wav`);
  }
  await server.sweepFor(1000);
  const { changed } = person.peer.messages().findLast(({ changed }) =>
    changed
  )!;
  assert.deepEqual(
    changed.map(({ song, title }: Message) => [song, title]),
    [["y.wav", "y"]],
  );
  assert.equal(await person.songs(group), "ybcde");
});

Deno.test("a former name is that of another song once there is one", async () => {
  const { server, person, group } = await setUp();
  const renamer = (await server.connectWelcomed({
    clientAddress: "127.0.0.1:4711",
    hello: { device: "renamer", features: ["rename"] },
  })).peer;
  await renamer.send({ type: "rename", song: "a", name: "z" });
  await renamer.next("renamed");
  server.songs.add("a.wav", wavFile(PHONE, noise(8_000, 9)));
  await person.ask({ type: "queue", to: "kitchen", songs: ["a", "z"] });
  assert.equal(await person.songs(group), "az");
});

Deno.test("a rename lists no group of a device that is away", async () => {
  const { server, kitchen, person } = await setUp();
  await person.ask({ type: "control", to: "kitchen", action: "pause" });
  const listed = async () =>
    (await person.ask({ type: "groups" })).groups.length;
  assert.equal(await listed(), 1);
  await kitchen.peer.send({ type: "bye" });
  await settle();
  assert.equal(await listed(), 0);
  const renamer = (await server.connectWelcomed({
    clientAddress: "127.0.0.1:4711",
    hello: { device: "renamer", features: ["rename"] },
  })).peer;
  await renamer.send({ type: "rename", song: "a", name: "z" });
  await renamer.next("renamed");
  assert.equal(await listed(), 0);
});

Deno.test("what a group refuses is refused for each of its devices, with the reason once", async () => {
  const { server, person } = await setUp();
  await Asker.connect(server, "bath", true);
  const to = ["kitchen", "bath"];
  await person.ask({ type: "queue", to, songs: ["a"] });
  const controls = [
    { action: "jump", value: 99 },
    { action: "next", entry: 99 },
  ];
  const answers = [];
  for (const control of controls) {
    const { code, message } = await person.ask({
      ...{ type: "control", to },
      ...control,
    });
    answers.push([code, message]);
  }
  assert.deepEqual(answers, [
    ["not-found", "Cannot find entry 99: it is not in the queue"],
    ["stale", "Cannot control entry 99: it is not playing any more"],
  ]);
});

Deno.test("a cast that another one overtakes while its song is opened is accepted", async () => {
  const { server, person } = await setUp();
  const bath = await Asker.connect(server, "bath", true);
  const other = await Asker.connect(server);
  const open = server.songs.holdOpen();
  const cast = await person.send({ type: "cast", song: "b", to: ["kitchen"] });
  const to = ["kitchen", "bath"];
  await other.ask({ type: "queue", to, songs: ["c"] });
  open();
  await settle();
  const { type, to: keys, refused } = cast()!;
  assert.deepEqual([type, keys.length, refused], ["casting", 1, []]);
  assert.equal(bath.peer.messages("start").at(-1)?.song, "c.wav");
});

Deno.test("a group that is dissolved while others are looked for is not moved", async () => {
  const looked = Promise.withResolvers<void>();
  let holds = false;
  // The steps of finding a device: requests take more.
  const turns: Turns = {
    next: (steps) => holds && steps === 4 ? looked.promise : null,
  };
  const { server, person } = await setUp(undefined, turns);
  for (const name of ["bath", "study"]) {
    await Asker.connect(server, name, true);
  }
  const other = await Asker.connect(server);
  const to = ["kitchen", "bath"];
  const { group } = await person.ask({ type: "queue", to, songs: ["a"] });
  holds = true;
  const moved = await person.send({
    type: "move",
    group,
    to: ["study", "bath"],
  });
  holds = false;
  const all = [...to, "study"];
  await other.ask({ type: "queue", to: all, songs: ["b"] });
  looked.resolve();
  await settle();
  assert.equal(moved()?.code, "not-found");
  const { groups } = await person.ask({ type: "groups" });
  const names = groups.map(({ devices }: Message) =>
    devices.map(({ name }: Message) => name)
  );
  assert.deepEqual(names, [all]);
});

Deno.test("entries are listed in pages, each with its title, length and problem", async () => {
  const { server, person, group } = await setUp();
  server.songs.addEntry({ name: "x/07 Song.wav", problem: "unsupported" });
  await person.ask({
    ...{ type: "queue", to: "kitchen", songs: ["x/07 Song"], place: "end" },
  });
  await server.songs.remove("e.wav");
  const { type, re: _, ...page } = await person.ask({
    ...{ type: "entries", group, after: 3, limit: 2 },
  });
  assert.equal(type, "entries");
  assert.deepEqual(page, {
    ...{ group, revision: 2, playing: 1, more: true, total: 6 },
    entries: [
      { entry: 4, song: "d.wav", title: "d", seconds: 30 },
      {
        ...{ entry: 5, song: "e.wav", title: "e", seconds: null },
        problem: "not-found",
      },
    ],
  });
  const last = await person.ask({ type: "entries", group, after: 5 });
  assert.deepEqual([last.more, last.entries], [false, [{
    ...{ entry: 6, song: "x/07 Song.wav", title: "Song", seconds: null },
    problem: "unsupported",
  }]]);
  await person.ask({ type: "edit", group, action: "remove", entries: [5] });
  for (
    const [wrong, code] of [
      [{ group, after: 5 }, "stale"],
      [{ group, after: 7 }, "not-found"],
      [{ group: "unknown" }, "not-found"],
    ] as const
  ) {
    const error = await person.ask({ type: "entries", ...wrong });
    assert.deepEqual([error.code, error.fatal], [code, false]);
  }
});

Deno.test("edit removes, moves and clears entries, unless they or the revision are stale", async () => {
  const { kitchen, person, group } = await setUp();
  const table: [
    edit: Record<string, unknown>,
    answer: unknown,
    songs: string,
  ][] = [
    [{ action: "remove", entries: [2, 4] }, 2, "ace"],
    [{ action: "remove", entries: [3, 2] }, "stale", "ace"],
    [{ action: "remove", entries: [9] }, "not-found", "ace"],
    [{ action: "move", entries: [5, 3], before: 1 }, 3, "eca"],
    [{ action: "move", entries: [5], revision: 2 }, "stale", "eca"],
    [{ action: "move", entries: [5], revision: 3 }, 4, "cae"],
    [{ action: "move", entries: [5], before: 4 }, "stale", "cae"],
    [{ action: "remove", entries: [1] }, 5, "ce"],
    [{ action: "clear", revision: 5 }, 6, "e"],
  ];
  for (const [edit, expected, songs] of table) {
    const answer = await person.ask({ type: "edit", group, ...edit });
    const found = answer.type === "edited" ? answer.revision : answer.code;
    assert.equal(found, expected, JSON.stringify(edit));
    assert.equal(await person.songs(group), songs);
  }
  // The entry that played was removed.
  assert.equal(kitchen.peer.messages("start").at(-1)?.entry, 5);
});

Deno.test("an edit or a jump without the fields that it needs is a bad message", async () => {
  for (
    const edit of [
      { action: "remove" },
      { action: "remove", entries: [] },
      { action: "clear", entries: [1] },
      { type: "control", to: "kitchen", action: "jump", value: 1.5 },
    ]
  ) {
    const { person, group } = await setUp();
    const { code, fatal } = await person.ask({ type: "edit", group, ...edit });
    assert.deepEqual([code, fatal], ["bad-message", true]);
  }
});

Deno.test("an edit is answered once it is saved, or by the failure", async () => {
  const store = new HeldStore();
  const { person, group } = await setUp(store);
  store.held = Promise.withResolvers();
  const edit = { type: "edit", group, action: "remove" };
  const answer = await person.send({ ...edit, entries: [2] });
  assert.equal(answer(), undefined);
  assert.deepEqual(store.saved.at(-1)?.groups?.[0].queue.entries, [1, 3, 4, 5]);
  store.held.resolve();
  await settle();
  assert.equal(answer()?.type, "edited");
  store.held = Promise.withResolvers();
  const failing = await person.send({ ...edit, entries: [3] });
  store.held.reject(new OndacastError("no-space", "Cannot save the queue"));
  await settle();
  assert.equal(failing()?.code, "no-space");
});

Deno.test("the position of a group is in whole milliseconds", async () => {
  const { person } = await setUp();
  const control = { type: "control", to: "kitchen" };
  await person.ask({ ...control, action: "pause" });
  await person.ask({ ...control, action: "seek", value: 1.23456 });
  const { groups: [row] } = await person.ask({ type: "groups" });
  assert.equal(row.position, 1.235);
});

Deno.test("groups are listed in pages, and watchers get what changes and what is gone", async () => {
  const { server, person, group: kitchen } = await setUp();
  const study = await Asker.connect(server, "study", true);
  const ids = (rows: { group: string }[]) => rows.map(({ group }) => group);
  const page = await person.ask({ type: "groups", limit: 1, watch: true });
  assert.deepEqual([page.more, page.total], [true, 2]);
  const [first] = ids(page.groups);
  const rest = await person.ask({ type: "groups", after: first });
  assert.deepEqual([rest.more, rest.groups.length], [false, 1]);
  const news = async () => {
    const before = person.peer.messages("groups").length;
    await server.clock.advance(1000);
    await settle();
    return person.peer.messages("groups").slice(before);
  };
  assert.deepEqual(await news(), [], "a position that advances is no change");
  await person.ask({
    ...{ type: "control", to: "kitchen", action: "volume", value: 30 },
  });
  const [{ changed: [row], gone }, ...others] = await news();
  assert.deepEqual([row.group, row.volume, gone, others], [
    kitchen,
    30,
    [],
    [],
  ]);
  const grouped = await person.ask({
    ...{ type: "group", devices: ["kitchen", "study"] },
  });
  const [{ changed, gone: left }] = await news();
  assert.deepEqual(ids(changed), [grouped.group]);
  assert.deepEqual(left.sort(), [first, ...ids(rest.groups)].sort());
  await person.ask({ type: "groups", watch: false });
  await study.peer.send({ type: "receive", on: false });
  assert.deepEqual(await news(), []);
});

Deno.test("a group is named as a device is, without what could harm a terminal or pass for an address", async () => {
  const { person } = await setUp();
  for (const name of ["\x1b[31mred", "a\u202eb", "127.0.0.1:4040", " "]) {
    const { code } = await person.ask(
      { type: "group", devices: ["kitchen"], name },
    );
    assert.equal(code, "bad-name", name);
  }
});

Deno.test("a watcher that does not read gets one notice, then the newest", async () => {
  const { server, person, group } = await setUp();
  const slow = await server.connectRaw({
    toClient: { capacityBytes: 1024 },
    reads: false,
  });
  await slow.peer.send(
    {
      ...{ type: "hello", version: 1, name: "slow", device: "slow" },
      ...{ window: 0, features: ["groups"] },
    },
    { type: "groups", watch: true },
  );
  await settle();
  for (let i = 0; i < 50; i++) {
    await person.ask({
      ...{ type: "control", to: "kitchen", action: "volume", value: i },
    });
    await server.clock.advance(300);
  }
  const { waitingBytes } = slow.session.member.channel;
  assert.ok(waitingBytes < 4096, `${waitingBytes} bytes wait`);
  assert.equal(server.hub.groups.get(group).volume.percent, 49);
});

Deno.test("a client may edit 40 times at once, then 20 times a second", async () => {
  const { server, person, group } = await setUp();
  const edits = Array.from({ length: 80 }, (_, id) => (
    { type: "edit", group, action: "move", entries: [5], id: `edit ${id}` }
  ));
  await person.peer.send(...edits);
  await settle();
  const done = () => person.peer.messages("edited").length;
  assert.ok(done() >= 35 && done() <= 40, `${done()} at once`);
  const before = done();
  await server.clock.advance(1000);
  await settle();
  assert.ok(Math.abs(done() - before - 20) <= 2, `${done() - before} a second`);
});

Deno.test("a queue takes 100,000 songs, and no more, however they are selected", async () => {
  const { server, person, group } = await setUp();
  for (let i = 0; i < 60_000; i++) server.songs.addEntry({ name: `s${i}.wav` });
  const ask = (songs: string[], place = "end") =>
    person.ask({ type: "queue", to: "kitchen", songs, place });
  const { songs } = await ask(["*"], "now");
  assert.equal(songs, 60_005);
  assert.equal((await ask(["*", "*"])).code, "too-large");
  await server.clock.advance(60_000);
  assert.equal((await ask(["*"])).code, "too-large");
  const { total } = await person.ask({ type: "entries", group, limit: 1 });
  assert.equal(total, 60_005);
});
