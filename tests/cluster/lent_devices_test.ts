import assert from "node:assert/strict";
import { LentDevices } from "../../lib/cluster/lent_devices.ts";
import type { Borrower, LoanNews } from "../../lib/cluster/loan.ts";
import type { Owner } from "../../lib/cluster/owner_terms.ts";
import { GroupSongs } from "../../lib/server/group_songs.ts";
import { settle } from "../support/fake_clock.ts";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

/** A server with a device "y", and two others that may borrow it. */
async function lender(owners: Record<string, Owner> = {}) {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(80_000)));
  const { hub, clock } = server;
  const closing = new AbortController();
  const taken: string[] = [];
  const lent = hub.receivers = new LentDevices({
    ...{ groups: hub.groups, clock, signal: closing.signal },
    ownerOf: (group) => owners[group],
    taken: (group, { node, term }) => taken.push(`${group} ${node} ${term}`),
    songs: new GroupSongs(hub.songs, hub.live, hub.framer.pages),
    log: () => {},
  });
  const heard: string[] = [];
  const borrower = (place: string): Borrower => ({
    place,
    send: (news: LoanNews) =>
      heard.push([place, ...Object.values(news)].join(" ")),
  });
  const device = await GroupDevice.open(server, "y");
  await settle();
  const { key } = device;
  const loan = { device: key, group: "g", term: 5 };
  /** What the device was sent, since the last look. */
  const log = async () => {
    await settle();
    device.look();
    return device.log.splice(0);
  };
  const start = { type: "lent-start", ...loan, stream: 1, from: 0 } as const;
  return {
    server,
    lent,
    borrower,
    heard,
    device,
    key,
    loan,
    log,
    start,
    taken,
  };
}

Deno.test("what is of a lower term than was seen of a group is stale, whatever it is", async () => {
  const { lent, borrower, loan, start, log } = await lender();
  const attic = borrower("attic");
  lent.borrow(attic, { type: "borrow", ...loan });
  lent.command(attic, { ...start, song: "a.wav", line: null });
  assert.deepEqual(await log(), ["start 1 a.wav"]);
  const old = { ...loan, term: 4 };
  for (
    const message of [
      { type: "lent-start", ...old, stream: 2, song: "a.wav", from: 0 },
      { type: "lent-line", ...old, stream: 1, frame: 0, at: 1 },
      { type: "lent-drop", ...old, stream: 1, reason: "" },
      { type: "lent-control", ...old, action: "volume", value: 1 },
    ] as const
  ) {
    assert.throws(() => lent.command(attic, message), { code: "stale" });
  }
  const again = { type: "borrow", ...old } as const;
  assert.throws(() => lent.borrow(borrower("shed"), again), { code: "stale" });
  assert.deepEqual(await log(), []);
  lent.borrow(attic, { type: "borrow", ...old, group: "another" });
});

Deno.test("a term is stale that is lower than the record of another owner says, if nothing else was heard of it", async () => {
  const owners: Record<string, Owner> = {};
  const { lent, borrower, loan, start, log } = await lender(owners);
  const attic = borrower("attic");
  // The owner of a new group, whose own record is not known to it yet.
  owners.g = { node: "attic", term: 6, devices: [] };
  lent.borrow(attic, { type: "borrow", ...loan });
  lent.command(attic, { ...start, song: "a.wav", line: null });
  assert.deepEqual(await log(), ["start 1 a.wav"]);
  owners.g = { node: "shed", term: 7, devices: [] };
  const drop = { type: "lent-drop", ...loan, stream: 1, reason: "" } as const;
  const again = { type: "borrow", ...loan } as const;
  assert.throws(() => lent.command(attic, drop), { code: "stale" });
  assert.throws(() => lent.borrow(attic, again), { code: "stale" });
  assert.deepEqual(await log(), []);
  assert.deepEqual(lent.numbers, { lent: 1, refusedTerms: 2 });
  lent.borrow(borrower("shed"), { ...again, term: 7 });
});

Deno.test("a server cannot borrow a device in a term that is another one's, or of the server that has the device", async () => {
  const owners: Record<string, Owner> = {};
  const { lent, borrower, loan } = await lender(owners);
  owners.g = { node: "here", term: 5, devices: [] };
  const message = { type: "borrow", ...loan } as const;
  const attic = borrower("attic");
  assert.throws(() => lent.borrow(attic, message), { code: "stale" });
  owners.g = { node: "attic", term: 5, devices: [] };
  lent.borrow(attic, message);
  assert.throws(() => lent.borrow(borrower("shed"), message), {
    code: "stale",
  });
});

Deno.test("a device that is given back as it is plays on until another server has it, or for 15 s", async () => {
  const { server, lent, borrower, loan, start, log, key } = await lender();
  const line = { stream: 1, frame: 0, at: 500_000, since: 500_000 };
  const [attic, shed] = [borrower("attic"), borrower("shed")];
  lent.borrow(attic, { type: "borrow", ...loan });
  lent.command(attic, { ...start, song: "a.wav", line });
  assert.deepEqual(await log(), ["start 1 a.wav", "line 1:0"]);
  lent.command(attic, { type: "lent-back", device: key, holds: true });
  await server.clock.advance(1_000);
  lent.borrow(shed, { type: "borrow", ...loan, term: 6 });
  lent.command(shed, { ...start, term: 6, song: "a.wav", line });
  assert.deepEqual(await log(), ["start 2 a.wav", "line 2:0"]);
  await server.clock.advance(20_000);
  assert.deepEqual(await log(), []);
  lent.command(shed, { type: "lent-back", device: key, holds: true });
  await server.clock.advance(14_000);
  assert.deepEqual(await log(), []);
  await server.clock.advance(1_500);
  assert.deepEqual(await log(), ["stopped 2"]);
  assert.equal(lent.placeOf(key), null);
});

Deno.test("a server that has lost a device to another one commands it no more", async () => {
  const { lent, borrower, loan, start, log, heard, key } = await lender();
  const [attic, shed] = [borrower("attic"), borrower("shed")];
  lent.borrow(attic, { type: "borrow", ...loan });
  lent.command(attic, { ...start, song: "a.wav" });
  assert.deepEqual(await log(), ["start 1 a.wav"]);
  lent.borrow(shed, { type: "borrow", ...loan, group: "h" });
  assert.equal(heard.at(-1), `attic lent-over ${key} left`);
  assert.equal(lent.placeOf(key), "shed");
  lent.command(attic, { ...start, stream: 2, song: "a.wav" });
  lent.command(attic, { type: "lent-back", device: key });
  assert.deepEqual(await log(), ["stopped 1"]);
  assert.equal(lent.placeOf(key), "shed");
});

Deno.test("a lent device that asks for its song again leaves the group elsewhere, and plays it", async () => {
  const { lent, borrower, loan, start, log, device, heard, server } =
    await lender();
  const attic = borrower("attic");
  lent.borrow(attic, { type: "borrow", ...loan });
  lent.command(attic, { ...start, song: "a.wav", line: null });
  assert.deepEqual(await log(), ["start 1 a.wav"]);
  await device.peer.send({ type: "play", song: "a.wav", from: 1, entry: 7 });
  assert.deepEqual(await log(), ["start 2 a.wav from 8000"]);
  assert.match(heard.at(-1)!, /left/);
  assert.equal(
    server.hub.groups.all.get(loan.device)?.playback.state,
    "stopped",
  );
});

Deno.test("what plays for a group sounds on when another server takes over the group", async () => {
  const { lent, borrower, loan, start, log } = await lender();
  const [attic, shed] = [borrower("attic"), borrower("shed")];
  lent.borrow(attic, { type: "borrow", ...loan });
  const line = { stream: 1, frame: 0, at: 500_000, since: 500_000 };
  lent.command(attic, { ...start, song: "a.wav", line });
  assert.deepEqual(await log(), ["start 1 a.wav", "line 1:0"]);
  lent.parted(attic);
  lent.borrow(shed, { type: "borrow", ...loan, term: 6 });
  assert.deepEqual(await log(), []);
  lent.command(shed, { ...start, term: 6, from: 8_000, song: "a.wav", line });
  assert.deepEqual(await log(), ["start 2 a.wav from 8000", "line 2:0"]);
});

Deno.test("a device falls silent if the server that takes over its group has nothing to play", async () => {
  const { server, lent, borrower, loan, start, log, key } = await lender();
  const line = { stream: 1, frame: 0, at: 500_000, since: 500_000 };
  lent.borrow(borrower("attic"), { type: "borrow", ...loan });
  lent.borrow(borrower("attic"), { type: "borrow", ...loan, term: 6 });
  const attic = borrower("attic");
  lent.borrow(attic, { type: "borrow", ...loan, term: 6 });
  lent.command(attic, { ...start, term: 6, song: "a.wav", line });
  assert.deepEqual(await log(), ["start 1 a.wav", "line 1:0"]);
  lent.borrow(borrower("shed"), { type: "borrow", ...loan, term: 7 });
  await server.clock.advance(4_000);
  assert.deepEqual(await log(), []);
  await server.clock.advance(1_500);
  assert.deepEqual(await log(), ["stopped 1"]);
  const shed = borrower("shed");
  lent.borrow(shed, { type: "borrow", ...loan, term: 8 });
  lent.command(shed, { ...start, term: 8, song: "a.wav", line });
  assert.deepEqual(await log(), ["start 2 a.wav", "line 2:0"]);
  lent.takeUp(key);
  await server.clock.advance(5_500);
  assert.deepEqual(await log(), ["stopped 2"]);
});

for (
  const [what, control] of [
    ["louder than a device can be", { action: "volume", value: 101 }],
    ["a volume that is none", { action: "volume", value: true }],
    ["later than a device can be", { action: "delay", value: 2_001 }],
  ] as const
) {
  Deno.test(`a borrower cannot set ${what}`, async () => {
    const { lent, borrower, loan, log } = await lender();
    const attic = borrower("attic");
    lent.borrow(attic, { type: "borrow", ...loan });
    const message = { type: "lent-control", ...loan, ...control } as const;
    assert.throws(() => lent.command(attic, message), { code: "bad-message" });
    assert.deepEqual(await log(), []);
  });
}

Deno.test("a borrower cannot have songs opened that are none of the folder's", async () => {
  const { server, lent, borrower, loan, start, heard, key, log } =
    await lender();
  const attic = borrower("attic");
  lent.borrow(attic, { type: "borrow", ...loan });
  for (const [i, song] of ["../secret", "/etc/passwd", "b.wav"].entries()) {
    lent.command(attic, { ...start, stream: i + 1, song });
    await server.clock.advance(2_200);
    assert.deepEqual(await log(), []);
    assert.match(
      heard[i],
      new RegExp(`^attic lent-stream ${key} ${i + 1} failed not-found`),
    );
  }
});

Deno.test("a song that a borrower knows before this server does is played once it is known", async () => {
  const { server, lent, borrower, loan, start, heard, log } = await lender();
  const attic = borrower("attic");
  lent.borrow(attic, { type: "borrow", ...loan });
  lent.command(attic, { ...start, song: "b.wav" });
  await server.clock.advance(500);
  assert.deepEqual(await log(), []);
  server.songs.add("b.wav", wavFile(PHONE, noise(80_000)));
  await server.clock.advance(200);
  const [started] = await log();
  assert.match(started, /b\.wav/);
  assert.ok(heard.every((it) => !it.includes("failed")), heard.join());
});

Deno.test("a device is given back when more commands wait than it can take", async () => {
  const { server, lent, borrower, loan, start, heard, key } = await lender();
  const attic = borrower("attic");
  lent.borrow(attic, { type: "borrow", ...loan });
  const release = server.songs.holdOpen();
  lent.command(attic, { ...start, song: "a.wav" });
  const line = {
    type: "lent-line",
    ...loan,
    stream: 1,
    frame: 0,
    at: 1,
  } as const;
  for (let i = 0; i < 255; i++) lent.command(attic, line);
  assert.deepEqual(heard, []);
  lent.command(attic, line);
  assert.deepEqual(heard, [`attic lent-over ${key} left`]);
  release();
  await settle();
  assert.equal(server.songs.openCount, 0);
});

Deno.test("a group goes on whole at the server that borrows a device of it in a higher term", async () => {
  const owners: Record<string, Owner> = {};
  const { server, lent, borrower, key, taken } = await lender(owners);
  const { groups } = server.hub;
  const other = await GroupDevice.open(server, "z");
  await settle();
  const both = [key, other.key].map((it) => groups.devices.get(it)!);
  const { id } = groups.unite(both);
  owners[id] = { node: "here", term: 5, devices: [key, other.key] };
  const borrow = { type: "borrow", device: key, group: id } as const;
  lent.borrow(borrower("attic"), { ...borrow, term: 6 });
  assert.deepEqual(taken, [`${id} attic 6`]);
  // What is left here are devices alone, whose queues are empty.
  assert.deepEqual([...groups.all.keys()].sort(), [key, other.key].sort());
});

Deno.test("to the former owner of its group, a device is away that the new one has borrowed", async () => {
  const { lent, borrower, loan, heard, key } = await lender();
  lent.borrow(borrower("attic"), { type: "borrow", ...loan });
  lent.borrow(borrower("shed"), { type: "borrow", ...loan, term: 6 });
  assert.deepEqual(heard, [`attic lent-over ${key} away`]);
});

Deno.test("a device is lent and given back although its own group goes on elsewhere meanwhile", async () => {
  const { server: { hub }, lent, borrower, loan, device, log, key } =
    await lender();
  const attic = borrower("attic");
  lent.borrow(attic, { type: "borrow", ...loan });
  hub.groups.release(key);
  lent.command(attic, { type: "lent-back", device: key });
  hub.groups.release(key);
  await device.peer.send({ type: "play", song: "a.wav" });
  assert.deepEqual(await log(), ["start 1 a.wav"]);
  assert.equal(hub.groups.group(hub.groups.devices.get(key)!).id, key);
});

Deno.test("nothing stays of a lent device that has left", async () => {
  const { server: { hub }, lent, borrower, loan, device, key } = await lender();
  lent.borrow(borrower("attic"), { type: "borrow", ...loan });
  await device.peer.send({ type: "bye" });
  await settle();
  assert.deepEqual([lent.placeOf(key), hub.groups.devices.has(key)], [
    null,
    false,
  ]);
});

Deno.test("a client that is no server cannot borrow a device", async () => {
  const { server, key } = await lender();
  const { peer } = await server.connectWelcomed({
    hello: { device: "person", features: ["groups"] },
  });
  await peer.send({
    ...{ type: "borrow", device: key, group: "g", term: 1, id: 1 },
  });
  assert.equal((await peer.next("error")).code, "unsupported");
  await peer.send({
    ...{ type: "lent-control", device: key, group: "g", term: 1 },
    ...{ action: "volume", value: 100, id: 2 },
  });
  assert.equal((await peer.next("error")).code, "unsupported");
});

Deno.test("a server that has lost the own group of a device is not lent it for that", async () => {
  const owners: Record<string, Owner> = {};
  const { lent, borrower, loan, key } = await lender(owners);
  owners[key] = { node: "cellar", term: 6, devices: [key] };
  const attic = borrower("attic");
  const borrow = { type: "borrow", ...loan, group: key } as const;
  assert.throws(() => lent.borrow(attic, borrow), { code: "stale" });
  // It is taken out of its group, of which the other server has not heard yet.
  lent.borrow(attic, { ...borrow, term: 0 });
});

Deno.test("a device that is given back as it is, and borrowed again over the same connection, stays there", async () => {
  const { server, lent, borrower, loan, key } = await lender();
  const [attic, shed] = [borrower("attic"), borrower("shed")];
  lent.borrow(attic, { type: "borrow", ...loan });
  lent.command(attic, { type: "lent-back", device: key, holds: true });
  await server.clock.advance(1_000);
  lent.borrow(shed, { type: "borrow", ...loan, term: 6 });
  await server.clock.advance(1_000);
  lent.borrow(attic, { type: "borrow", ...loan, term: 7 });
  await server.clock.advance(20_000);
  assert.equal(lent.placeOf(key), "attic");
});
