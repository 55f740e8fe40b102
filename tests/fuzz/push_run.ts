/**
 * Peers that push messages to a receiver that has stopped reading: they control
 * it, cast to it, and change the list that it watches. The server must queue a
 * bounded number of messages, the newest of each kind, without delaying the
 * others.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "../support/fast_check.ts";
import { settle } from "../support/fake_clock.ts";
import {
  type Connection,
  HELLO,
  MemoryServer,
} from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import {
  concat,
  type Message,
  messageFrame,
  type RawPeer,
} from "../support/raw_peer.ts";

/** A message that a pusher repeats, with a counter as its `value`. */
export interface Push {
  peer: number;
  type: "control" | "cast" | "receive";
  action: string;
  times: number;
}

/** The capacity towards the receiver, and the messages pushed. */
export interface PushScript {
  capacityBytes: number;
  pushes: Push[];
}

const PUSHERS = 3;
/** Less than the time after which a stalled connection is closed. */
const MOST_HELD_MS = 20_000;
/**
 * Messages that may arrive when the receiver resumes reading, besides those in
 * flight: a `start`, a `stopped`, a control of each action, a list, and pings.
 */
const MOST_KEPT = 16;
/** The length of the shortest pushed message. */
const LEAST_BYTES = 30;

export const PUSH_SCRIPT: fc.Arbitrary<PushScript> = fc.record({
  capacityBytes: fc.constantFrom(1, 100, 1000, 20_000),
  pushes: fc.array(
    fc.record({
      peer: fc.nat({ max: PUSHERS - 1 }),
      type: fc.constantFrom(
        "control" as const,
        "control" as const,
        "cast" as const,
        "receive" as const,
      ),
      action: fc.constantFrom("pause", "resume", "stop", "seek", "volume"),
      times: fc.constantFrom(1, 2, 10, 100, 300),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

/** Runs a script. @throws {AssertionError} If a property fails. */
export async function runPushes(script: PushScript): Promise<void> {
  const server = new MemoryServer();
  const { clock, hub } = server;
  server.songs.add("tone.wav", wavFile(PHONE, noise(2_000, 1)));
  let over = false;
  const deaf = server.connectRaw({
    toClient: { capacityBytes: script.capacityBytes },
  });
  deaf.ended.then(() => over = true);
  await greet(deaf, { name: "deaf", device: "deaf", receive: true, window: 0 });
  await deaf.peer.send({ type: "online", watch: true });
  const pushers = await Promise.all(
    Array.from({ length: PUSHERS }, (_, i) => {
      const clientAddress = `192.0.2.${10 + i}:4711`;
      const pusher = server.connectRaw({ clientAddress });
      return greet(pusher, { name: `p${i}`, device: `p${i}`, window: 0 });
    }),
  );
  await clock.advance(1_000);
  deaf.client.incoming.held = true;
  const before = deaf.peer.frames.length;
  /** By action, the last value of each pusher; they are served in any order. */
  const wanted = new Map<string, Map<number, number>>();
  const asked = [0, 0, 0];
  let count = 0;
  for (const push of script.pushes) {
    const frames: Uint8Array[] = [];
    for (let i = 0; i < push.times; i++) {
      frames.push(messageFrame({ ...pushMessage(push, ++count), id: count }));
      if (push.type === "control") {
        const last = wanted.get(push.action) ?? new Map<number, number>();
        wanted.set(push.action, last.set(push.peer, count));
      }
      asked[push.peer]++;
    }
    await pushers[push.peer].write(concat(frames));
    await clock.advance(0);
  }
  await rest(server, [deaf.peer, ...pushers], MOST_HELD_MS);
  assert.equal(over, false, "the receiver was cut for what others did");
  pushers.forEach((peer, i) => {
    const answers = peer.messages().filter(({ re }) => re !== undefined);
    assert.equal(answers.length, asked[i], `answers to pusher ${i}`);
  });
  deaf.client.incoming.held = false;
  await rest(server, [deaf.peer, ...pushers], 2_000);
  assert.equal(over, false, "the receiver was cut as it read on");
  const came = deaf.peer.messages().slice(before);
  const underWay = Math.ceil(script.capacityBytes / LEAST_BYTES) + 1;
  assert.ok(
    came.length <= underWay + MOST_KEPT,
    `${came.length} messages were kept for a receiver that does not read`,
  );
  assertNewest(came, wanted);
  for (const { client } of server.connections) client.close();
  await rest(server, [], 61_000);
  assert.equal(hub.sessions, 0, "sessions left");
}

/**
 * Asserts that the last volume that has come is the last of some pusher. Other
 * actions change what the receiver's group plays, which it may hear of as a
 * stream, or not at all where two of them cancel out.
 */
function assertNewest(
  came: Message[],
  wanted: Map<string, Map<number, number>>,
): void {
  const sent = wanted.get("volume");
  if (sent === undefined) return;
  const last = came.findLast(({ type, action }) =>
    type === "control" && action === "volume"
  );
  const values = [...sent.values()].map((count) => valueOf("volume", count));
  assert.ok(values.includes(last?.value), `${last?.value} is not the newest`);
}

function pushMessage(push: Push, count: number): Message {
  const { type, action } = push;
  if (type === "receive") return { type, on: count % 2 === 0 };
  if (type === "cast") return { type, song: "tone", to: ["deaf"] };
  return { type, to: ["deaf"], action, value: valueOf(action, count) };
}

function valueOf(action: string, count: number): number {
  return action === "volume" ? count % 101 : count;
}

async function greet(
  { peer }: Connection & { peer: RawPeer },
  hello: Record<string, unknown>,
): Promise<RawPeer> {
  await peer.send({ ...HELLO, ...hello });
  await peer.next("welcome");
  return peer;
}

/** Advances the time while these peers answer pings. */
async function rest(
  server: MemoryServer,
  peers: RawPeer[],
  ms: number,
): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    for (const peer of peers) await peer.send({ type: "pong" }).catch(() => {});
    await server.clock.advance(500);
    server.hub.sweep();
  }
  await settle();
}
