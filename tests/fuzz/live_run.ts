/**
 * Senders of live sound that do anything: formats, names, floods, frames in the
 * wrong order, waits, connections that are lost and come back; and listeners that
 * grant as they like. Whatever they do, each connection lives or ends by a code of
 * the protocol, what is heard was sent, and nothing is left of them.
 *
 * @module
 */

import assert from "node:assert/strict";
import { FATAL_CODES, MILD_CODES } from "../../lib/errors.ts";
import { MOST_KEPT_BYTES } from "../../lib/server/live/live_song.ts";
import fc from "../support/fast_check.ts";
import { settle } from "../support/fake_clock.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { CD, PHONE } from "../support/memory_songs.ts";
import { dataFrame, type Message, type RawPeer } from "../support/raw_peer.ts";

const SENT_CODES: readonly string[] = [...FATAL_CODES, ...MILD_CODES];

/** An action of one of the peers, or time that passes. */
export type LiveStep =
  | { peer: number; live: string; format: Record<string, unknown> }
  | { peer: number; data: number }
  | { peer: number; end: true }
  | { peer: number; play: string }
  | { peer: number; grant: number }
  | { peer: number; stop: true }
  | { peer: number; cut: true }
  | { pass: number };

const PEERS = 4;
const NAMES = ["a", "A", "b", "", "x/../y", "\u202ea", "a/b"];
const FORMATS = [
  PHONE,
  CD,
  { encoding: "f64le", rate: 768_000, channels: 1, bits: 64 },
  { encoding: "s32le", rate: 384_000, channels: 32, bits: 32 },
  { encoding: "s24le", rate: 1, channels: 1, bits: 24 },
  { ...PHONE, channels: 1e9 },
  { ...PHONE, bits: 16 },
  { ...PHONE, rate: -1 },
];

const peer = fc.nat({ max: PEERS - 1 });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      peer,
      live: fc.constantFrom(...NAMES),
      format: fc.constantFrom(...FORMATS, PHONE, PHONE),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      peer,
      data: fc.constantFrom(1, 7, 400, 4_000, 16_000, 70_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ peer, end: fc.constant(true) }) },
  {
    weight: 3,
    arbitrary: fc.record({ peer, play: fc.constantFrom("a", "b", "none") }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ peer, grant: fc.constantFrom(1, 1e4, 1e9) }),
  },
  { weight: 1, arbitrary: fc.record({ peer, stop: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ peer, cut: fc.constant(true) }) },
  {
    weight: 6,
    arbitrary: fc.record({ pass: fc.constantFrom(50, 500, 3_000, 11_000) }),
  },
) as fc.Arbitrary<LiveStep>;

export const LIVE_SCRIPT: fc.Arbitrary<LiveStep[]> = fc.array(step, {
  minLength: 4,
  maxLength: 40,
});

/** Runs a script. @throws {AssertionError} If a property fails. */
export async function runLive(script: LiveStep[]): Promise<void> {
  const server = new MemoryServer({ maxClients: 1_000 });
  const { live } = server.hub;
  const peers: (LivePeer | null)[] = Array(PEERS).fill(null);
  const bystander = await LivePeer.open(server, PEERS);
  const all = [bystander];
  const meet = async (number: number) => {
    const present = peers[number];
    if (present && !present.isOver) return present;
    const fresh = await LivePeer.open(server, number);
    all.push(fresh);
    return peers[number] = fresh;
  };
  for (const step of script) {
    if ("pass" in step) {
      for (let ms = 0; ms < step.pass; ms += 500) {
        await server.clock.advance(Math.min(500, step.pass - ms));
        server.hub.sweep();
        for (const it of all) it.look();
      }
    } else (await meet(step.peer)).act(step);
    await settle();
    await settle();
    for (const it of all) it.look();
    assert.ok(live.catalog.size <= PEERS, `${live.catalog.size} songs`);
    for (const { name } of live.catalog.list()) {
      assert.match(name, /^live\//);
      const song = live.get(name)!;
      assert.ok(song.edge - song.oldestOffset <= MOST_KEPT_BYTES + 200);
    }
  }
  bystander.act({ peer: PEERS, ping: 1 });
  await settle();
  await settle();
  bystander.look();
  assert.ok(bystander.isAnswered, "others are not served");
  for (const it of all) it.act({ peer: 0, cut: true });
  await server.sweepFor(12_000);
  assert.equal(live.catalog.size, 0, "a live song is left");
  assert.equal(server.hub.sessions, 0, "a session is left");
}

/** A client that is driven by a script. */
class LivePeer {
  readonly #peer: RawPeer;
  readonly #cut: () => void;
  /** Messages that were looked at. */
  #seen = 0;
  isOver = false;
  isAnswered = false;

  private constructor(peer: RawPeer, cut: () => void) {
    this.#peer = peer;
    this.#cut = cut;
  }

  static async open(server: MemoryServer, number: number): Promise<LivePeer> {
    const { peer, client } = await server.connectWelcomed({
      hello: {
        device: `00000000-0000-4000-8000-00000000000${number}`,
        features: ["groups", "live"],
        window: 4_000,
      },
    });
    return new LivePeer(peer, () => client.close());
  }

  act(step: Exclude<LiveStep, { pass: number }> | Record<string, unknown>) {
    const send = (message: Message) => {
      this.#peer.send(message).catch(() => this.isOver = true);
    };
    const write = (bytes: number) => {
      this.#peer.write(dataFrame(new Uint8Array(bytes).fill(1)))
        .catch(() => this.isOver = true);
    };
    if ("live" in step) {
      send({ type: "live", name: step.live, format: step.format });
    } else if ("data" in step) write(step.data as number);
    else if ("end" in step) write(0);
    else if ("play" in step) send({ type: "play", song: `live/${step.play}` });
    else if ("grant" in step) send({ type: "grant", bytes: step.grant });
    else if ("stop" in step) send({ type: "stop" });
    else if ("ping" in step) send({ type: "ping", time: 1 });
    else {
      this.#cut();
      this.isOver = true;
    }
  }

  /** Checks what has come. */
  look(): void {
    const messages = this.#peer.messages();
    for (const message of messages.slice(this.#seen)) {
      if (message.type === "pong") this.isAnswered = true;
      if (message.type === "ping") {
        this.#peer.send({ type: "pong", time: message.time }).catch(() => {});
      }
      if (message.type !== "error" && message.type !== "stopped") continue;
      const { code } = message;
      assert.ok(code === undefined || SENT_CODES.includes(code), code);
      assert.notEqual(code, "internal");
      if (message.fatal) this.isOver = true;
    }
    this.#seen = messages.length;
  }
}
