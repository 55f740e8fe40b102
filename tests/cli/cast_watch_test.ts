import assert from "node:assert/strict";
import {
  castEnded,
  hasYetToBegin,
  watchCast,
} from "../../lib/cli/cast_watch.ts";
import type { SessionListener } from "../../lib/client/client_session.ts";
import type { Activity, OnlineClient } from "../../lib/wire/messages.ts";
import { FakeClock } from "../support/fake_clock.ts";

type Session = Parameters<typeof watchCast>[0];

/** As the server assumes a receiver, until its first report. */
const STARTED: Activity = { doing: "playing", song: "a.wav", position: 0 };
const PLAYING: Activity = { ...STARTED, volume: 100, underruns: 0 };
const WAITING: Activity = { doing: "waiting" };

/** Receivers as a server lists them; the test sets their states. */
class Receivers {
  readonly clock = new FakeClock();
  readonly states: Record<string, Activity>;
  /** Whether the watcher still wants notifications. */
  watched = false;
  #listener: SessionListener = {};
  readonly session: Session = {
    listen: (listener) => void (this.#listener = listener),
    failure: null,
    request: ((message: { watch?: boolean }) => {
      this.watched = message.watch ?? this.watched;
      return Promise.resolve(this.#online());
    }) as Session["request"],
  };

  constructor(states: Record<string, Activity>) {
    this.states = states;
  }

  /** Notifies the watcher of a change. */
  notify(): void {
    this.#listener.online?.(this.#online());
  }

  #online() {
    const clients = Object.entries(this.states).map(
      ([key, state]): OnlineClient => ({
        key,
        id: "192.0.2.7:1",
        name: `the ${key}`,
        receiving: true,
        state,
      }),
    );
    return {
      type: "online" as const,
      clients,
      more: false,
      total: clients.length,
    };
  }
}

const receiver = (key: string) => ({ key, name: `the ${key}` });

Deno.test("watchCast() ends at once where the song is over", async () => {
  const receivers = new Receivers({ kitchen: WAITING, bath: WAITING });
  const { session, clock } = receivers;
  assert.deepEqual(await watchCast(session, ["kitchen", "bath"], clock), {
    playing: [receiver("kitchen"), receiver("bath")],
    silent: [],
    failed: [],
  });
  assert.equal(clock.now(), 0);
  assert.equal(receivers.watched, false);
});

Deno.test("watchCast() does not take a receiver whose song has yet to begin for one that has played", async () => {
  const receivers = new Receivers({ kitchen: WAITING, bath: WAITING });
  const { session, clock, states } = receivers;
  let coming = ["kitchen", "bath"];
  const watching = watchCast(
    ...[session, ["kitchen", "bath"], clock] as const,
    () => Promise.resolve(coming),
  );
  await clock.advance(900);
  states.kitchen = { ...PLAYING, problem: "The player ended with code 1" };
  receivers.notify();
  await clock.advance(50);
  coming = [];
  states.kitchen = { ...WAITING, problem: "The player ended with code 1" };
  receivers.notify();
  await clock.advance(50);
  const { playing, failed } = await watching;
  assert.equal(clock.now(), 1_000);
  assert.deepEqual(playing, [receiver("bath")]);
  assert.deepEqual(failed.map(({ to }) => to), ["the kitchen"]);
});

Deno.test("watchCast() takes a receiver that waits for one that has had its song, once its group plays it", async () => {
  const receivers = new Receivers({ kitchen: WAITING });
  const { session, clock } = receivers;
  let coming = ["kitchen"];
  const watching = watchCast(
    ...[session, ["kitchen"], clock] as const,
    () => Promise.resolve(coming),
  );
  await clock.advance(4_000);
  coming = [];
  await clock.advance(1_000);
  assert.deepEqual((await watching).playing, [receiver("kitchen")]);
});

Deno.test("watchCast() says that nothing is known of a receiver whose song does not begin", async () => {
  const { session, clock } = new Receivers({ kitchen: WAITING });
  const watching = watchCast(
    ...[session, ["kitchen"], clock] as const,
    () => Promise.resolve(["kitchen"]),
  );
  await clock.advance(5_000);
  assert.deepEqual((await watching).silent, [receiver("kitchen")]);
});

Deno.test("watchCast() does not blame a song for the problem of the one before", async () => {
  const states = { kitchen: { ...WAITING, problem: "busy" } };
  const receivers = new Receivers(states);
  const { session, clock } = receivers;
  let coming = ["kitchen"];
  const watching = watchCast(
    ...[session, ["kitchen"], clock] as const,
    () => Promise.resolve(coming),
  );
  await clock.advance(900);
  receivers.states.kitchen = PLAYING;
  coming = [];
  await clock.advance(4_100);
  const { playing, failed } = await watching;
  assert.deepEqual([playing, failed], [[receiver("kitchen")], []]);
});

for (
  const [state, position, from, expected] of [
    ["playing", 0, 0, true],
    ["playing", 0.25, 0, false],
    ["playing", 83.0004, 83, true],
    ["playing", 83.5, 83, false],
    ["paused", 0, 0, false],
    ["stopped", 0, 0, false],
  ] as const
) {
  const row = `${state} at ${position} after a cast from ${from}`;
  Deno.test(`hasYetToBegin() is ${expected} of a group that is ${row}`, () => {
    assert.equal(hasYetToBegin({ state, position }, from), expected);
  });
}

Deno.test("watchCast() watches for 5 s, and reports players that failed meanwhile", async () => {
  const receivers = new Receivers({ kitchen: PLAYING, bath: PLAYING });
  const { session, clock, states } = receivers;
  const watching = watchCast(session, ["kitchen", "bath"], clock);
  await clock.advance(4_900);
  states.bath = { ...PLAYING, problem: "The player ended with code 1" };
  receivers.notify();
  await clock.advance(200);
  assert.deepEqual(await watching, {
    playing: [receiver("kitchen")],
    silent: [],
    failed: [{
      to: "the bath",
      code: "player-failed",
      message: "The player ended with code 1",
    }],
  });
});

Deno.test("watchCast() does not report a player that plays after all", async () => {
  const receivers = new Receivers({
    kitchen: { ...PLAYING, problem: "busy" },
  });
  const { session, clock, states } = receivers;
  const watching = watchCast(session, ["kitchen"], clock);
  await clock.advance(1_000);
  states.kitchen = PLAYING;
  receivers.notify();
  await clock.advance(4_100);
  assert.deepEqual((await watching).failed, []);
});

Deno.test("watchCast() says which receivers have reported that they play", async () => {
  const receivers = new Receivers({
    kitchen: STARTED,
    bath: STARTED,
    den: { ...PLAYING, doing: "paused" },
  });
  const { session, clock, states } = receivers;
  const watching = watchCast(session, ["kitchen", "bath", "den"], clock);
  await clock.advance(1_000);
  states.kitchen = PLAYING;
  receivers.notify();
  await clock.advance(4_100);
  assert.deepEqual(await watching, {
    playing: [receiver("kitchen"), receiver("den")],
    silent: [receiver("bath")],
    failed: [],
  });
});

Deno.test("watchCast() reports a receiver that is idle with a problem, at once", async () => {
  const receivers = new Receivers({ kitchen: { ...WAITING, problem: "busy" } });
  const { session, clock } = receivers;
  const { failed: [refused], playing } = await watchCast(
    ...[session, ["kitchen"], clock] as const,
  );
  assert.deepEqual(playing, []);
  assert.deepEqual([refused.to, refused.message], ["the kitchen", "busy"]);
  assert.equal(clock.now(), 0);
});

Deno.test("watchCast() reports a receiver that is no longer online", async () => {
  const receivers = new Receivers({ kitchen: PLAYING, bath: WAITING });
  const { session, clock, states } = receivers;
  const watching = watchCast(session, ["kitchen", "bath"], clock);
  await clock.advance(1_000);
  delete states.kitchen;
  await clock.advance(4_100);
  const { failed: [refused, ...others], playing } = await watching;
  assert.deepEqual(playing, [receiver("bath")]);
  assert.deepEqual([refused.to, refused.code], ["the kitchen", "lost"]);
  assert.deepEqual(others, []);
});

Deno.test("castEnded() waits for the end, and omits receivers that play something else or are offline", async () => {
  const receivers = new Receivers({
    ...{ kitchen: PLAYING, bath: PLAYING, attic: PLAYING, hall: WAITING },
  });
  const { session, clock, states } = receivers;
  const keys = ["kitchen", "bath", "attic"];
  let ended: string[] | null = null;
  castEnded(session, keys, clock).then((keys) => ended = keys);
  await clock.advance(60_000);
  assert.equal(ended, null);
  states.bath = { ...PLAYING, song: "other.wav" };
  delete states.attic;
  receivers.notify();
  await clock.advance(0);
  assert.equal(ended, null);
  states.kitchen = WAITING;
  receivers.notify();
  await clock.advance(0);
  assert.deepEqual(ended, ["kitchen"]);
  assert.equal(receivers.watched, false);
});
