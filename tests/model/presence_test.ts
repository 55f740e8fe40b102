import assert from "node:assert/strict";
import fc from "../support/fast_check.ts";
import { deviceKey, Presence, type Present } from "../../lib/model/presence.ts";

let clients = 0;

function client(
  key: string,
  more: Partial<Present<string>> = {},
): Present<string> {
  return {
    key,
    id: `192.0.2.7:${++clients}`,
    name: `name of ${key}`,
    receiving: false,
    activity: { doing: "idle" },
    activityAtMs: 0,
    link: `link ${clients}`,
    ...more,
  };
}

function presenceOf(...all: Present<string>[]) {
  let changes = 0;
  const presence = new Presence<string>({ changed: () => changes++ });
  for (const one of all) presence.join(one);
  changes = 0;
  return { presence, changes: () => changes };
}

function keys(rows: readonly { key: string }[]): string[] {
  return rows.map(({ key }) => key);
}

Deno.test("deviceKey() is stable, unique per device, and does not reveal the device id", () => {
  const device = "6f2d6c4e-93a1-4d8e-9a53-0d2f7f0c9b11";
  const key = deviceKey(device);
  assert.match(key, /^[0-9a-f]{24}$/);
  assert.equal(deviceKey(device), key);
  assert.notEqual(deviceKey(device.toUpperCase()), key);
  assert.ok(!key.includes(device.slice(0, 8)));
});

Deno.test("join() sorts clients by key, and returns the one it replaces", () => {
  const { presence, changes } = presenceOf(client("b"));
  const first = client("a");
  assert.equal(presence.join(first), undefined);
  const second = client("a");
  assert.equal(presence.join(second), first);
  assert.deepEqual(keys(presence.page({}, 0).rows), ["a", "b"]);
  assert.equal(presence.size, 2);
  assert.deepEqual(presence.named("a"), [second]);
  assert.equal(changes(), 2);
});

Deno.test("leave() leaves a newer connection with the key in place", () => {
  const [first, second] = [client("a"), client("a")];
  const { presence, changes } = presenceOf(first, second);
  presence.leave(first);
  assert.equal(presence.size, 1);
  assert.equal(changes(), 0);
  presence.leave(second);
  assert.equal(presence.size, 0);
  assert.equal(changes(), 1);
  presence.leave(second);
  assert.equal(changes(), 1);
});

Deno.test("update() notifies of visible changes, and not of a moving position", () => {
  const one = client("a");
  const { presence, changes } = presenceOf(one);
  const playing = { doing: "playing", song: "a.wav", volume: 80 } as const;
  const steps: [now: Parameters<typeof presence.update>[1], change: boolean][] =
    [
      [{ activity: { ...playing, position: 0 } }, true],
      [{ activity: { ...playing, position: 1 } }, false],
      [{ activity: { ...playing, position: 1, volume: 70 } }, true],
      [{ activity: { ...playing, doing: "paused", volume: 70 } }, true],
      [{ activity: { ...playing, doing: "paused", volume: 70 } }, false],
      [{ activity: { doing: "playing", song: "b.wav", volume: 70 } }, true],
      [{ activity: { doing: "idle" } }, true],
      [{ receiving: false }, false],
      [{ receiving: true }, true],
    ];
  let expected = 0;
  for (const [now, change] of steps) {
    presence.update(one, now, 0);
    if (change) expected++;
    assert.equal(changes(), expected, JSON.stringify(now));
  }
});

Deno.test("update() notifies of a seek, also while paused", () => {
  const one = client("a");
  const { presence, changes } = presenceOf(one);
  const at = (
    doing: "playing" | "paused",
    position: number,
    nowMs: number,
    change: boolean,
  ) => {
    const before = changes();
    presence.update(one, {
      activity: { doing, song: "a.wav", position, volume: 80 },
    }, nowMs);
    assert.equal(changes() - before, Number(change), `${position} s`);
  };
  at("playing", 0, 0, true);
  at("playing", 60, 60_000, false);
  at("playing", 90, 61_000, true);
  at("playing", 10, 62_000, true);
  at("paused", 13, 65_000, true);
  at("paused", 13, 90_000, false);
  at("paused", 40, 91_000, true);
});

Deno.test("update() does not notify when the client has left", () => {
  const one = client("a");
  const { presence, changes } = presenceOf(one);
  presence.leave(one);
  presence.update(one, { receiving: true }, 0);
  assert.equal(changes(), 1);
});

Deno.test("page() pages through the clients by key", () => {
  const { presence } = presenceOf(
    ...["e", "c", "a", "d", "b"].map((key) => client(key)),
  );
  const first = presence.page({ limit: 2 }, 0);
  assert.deepEqual(keys(first.rows), ["a", "b"]);
  assert.deepEqual([first.more, first.total], [true, 5]);
  assert.deepEqual(keys(presence.page({ after: "b", limit: 3 }, 0).rows), [
    "c",
    "d",
    "e",
  ]);
  assert.equal(presence.page({ after: "b", limit: 3 }, 0).more, false);
  assert.deepEqual(keys(presence.page({ after: "ca", limit: 1 }, 0).rows), [
    "d",
  ]);
  assert.deepEqual(presence.page({ after: "e" }, 0).rows, []);
});

Deno.test("page() stays sorted by key when clients join, are replaced or leave", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat(12)), { maxLength: 60 });
  fc.assert(fc.property(steps, (steps) => {
    const presence = new Presence<string>();
    const there = new Map<string, Present<string>>();
    for (const [joins, n] of steps) {
      const one = joins ? client(`k${n}`) : there.get(`k${n}`);
      if (joins) presence.join(one!), there.set(one!.key, one!);
      else if (one) presence.leave(one), there.delete(one.key);
    }
    const { rows } = presence.page({}, 0);
    assert.deepEqual(
      rows.map(({ key, id }) => [key, id]),
      [...there.values()].map(({ key, id }) => [key, id]).sort((a, b) =>
        a[0] < b[0] ? -1 : 1
      ),
    );
  }));
});

Deno.test("page() shows public fields only, neither link nor times", () => {
  const { presence } = presenceOf(client("a", { receiving: true }));
  const [row] = presence.page({}, 0).rows;
  assert.deepEqual(Object.keys(row).sort(), [
    "id",
    "key",
    "name",
    "receiving",
    "state",
  ]);
});

Deno.test("page() extrapolates the position while playing, up to the song's end", () => {
  const one = client("a");
  const { presence } = presenceOf(one);
  presence.update(one, {
    activity: { doing: "playing", song: "a.wav", position: 10 },
    endsAtSeconds: 20,
  }, 1000);
  const position = (nowMs: number) =>
    presence.page({}, nowMs).rows[0].state.position;
  assert.equal(position(1000), 10);
  assert.equal(position(3500), 12.5);
  assert.equal(position(12_000), 20);
  assert.deepEqual(presence.page({}, 60_000).rows[0].state, { doing: "idle" });
});

Deno.test("page() does not extrapolate the position while paused", () => {
  const one = client("a");
  const { presence } = presenceOf(one);
  presence.update(one, {
    activity: { doing: "paused", song: "a.wav", position: 10 },
  }, 0);
  assert.equal(presence.page({}, 99_000).rows[0].state.position, 10);
});

Deno.test("named() finds a client by key or address, or all clients of a name", () => {
  const a = client("a", { id: "192.0.2.1:1", name: "kitchen" });
  const b = client("b", { id: "192.0.2.1:2", name: "kitchen" });
  const c = client("c", { id: "192.0.2.1:3", name: "a" });
  const { presence } = presenceOf(a, b, c);
  assert.deepEqual(presence.named("a"), [a]);
  assert.deepEqual(presence.named("192.0.2.1:2"), [b]);
  assert.deepEqual(presence.named("kitchen"), [a, b]);
  assert.deepEqual(presence.named("192.0.2.1"), []);
});

Deno.test("meant() iterates lazily over the clients of a name", () => {
  let looked = 0;
  const many = Array.from({ length: 1000 }, (_, i) => {
    const one = client(`k${i}`, { id: `192.0.2.1:${i}`, name: "kitchen" });
    return Object.defineProperty(one, "receiving", { get: () => ++looked > 0 });
  });
  const { presence } = presenceOf(...many);
  looked = 0;
  for (const { receiving } of presence.meant("kitchen")) {
    if (receiving && looked === 3) break;
  }
  assert.equal(looked, 3);
});

Deno.test("named() does not find clients that left or were replaced", () => {
  const id = "192.0.2.1:1";
  const first = client("a", { id, name: "kitchen" });
  const second = client("a", { id: "192.0.2.1:2", name: "bath" });
  const { presence } = presenceOf(first, second);
  assert.deepEqual(presence.named(id), []);
  assert.deepEqual(presence.named("kitchen"), []);
  assert.deepEqual(presence.named("bath"), [second]);
  presence.leave(first); // no effect once replaced
  assert.deepEqual(presence.named("192.0.2.1:2"), [second]);
  presence.leave(second);
  for (const word of ["a", "192.0.2.1:2", "bath"]) {
    assert.deepEqual(presence.named(word), []);
  }
});
