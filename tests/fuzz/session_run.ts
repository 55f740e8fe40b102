/**
 * Runs a script of sessions against the real server in memory, and checks the
 * invariants: the protocol towards each client, an undisturbed bystander, and
 * no resource left at the end.
 *
 * @module
 */

import assert from "node:assert/strict";
import { settle } from "../support/fake_clock.ts";
import {
  type Connection,
  HELLO,
  MemoryServer,
} from "../support/memory_server.ts";
import {
  CD,
  noise,
  PHONE,
  sha256Hex,
  TAGS,
  wavFile,
} from "../support/memory_songs.ts";
import { deviceKey } from "../../lib/model/presence.ts";
import { unhex } from "../support/decoded.ts";
import {
  dataFrame,
  type Message,
  messageFrame,
  type RawPeer,
} from "../support/raw_peer.ts";
import { PeerCheck } from "./peer_check.ts";
import type { Script, ScriptPeer, Step } from "./session_script.ts";

/** Bytes queued for a peer that does not read; see docs/limits.md. */
const MOST_WAITING_BYTES = 256 * 1024 + (1 << 20);
const STEADY = wavFile(PHONE, noise(6_000, 9));
const TONE = wavFile(PHONE, noise(2_000, 1));
const HISS = wavFile(CD, noise(10_003, 2).subarray(0, 10_000), TAGS);
const EMPTY = wavFile(PHONE, new Uint8Array(0));
/** Long enough for a silent or stalled peer to be disconnected. */
const LAST_MS = 61_000;

type PeerStep = Extract<Step, { peer: number }>;
type UploadStep = Extract<Step, { upload: unknown }>;

interface Client {
  connection: Connection & { peer: RawPeer };
  check: PeerCheck;
  hasGroups: boolean;
  looked: number;
  cut: boolean;
  /** Whether it left data unread, so that a last message may be lost. */
  held: boolean;
  /** Whether the server has closed the connection. */
  over: boolean;
}

/** Runs a script. @throws {AssertionError} If an invariant fails. */
export async function runScript(script: Script): Promise<void> {
  const stage = new Stage();
  await stage.begin(script.peers);
  for (const step of script.steps) {
    await stage.act(step);
    await stage.look();
  }
  await stage.end();
}

class Stage {
  readonly server = new MemoryServer();
  readonly #contents = new Map<string, Uint8Array>();
  readonly #clients: Client[] = [];
  #bystander!: Client;
  /** Answers pending reads. */
  #answer: () => void = () => {};
  #requests = 0;
  #changes = 0;

  async begin(peers: ScriptPeer[]): Promise<void> {
    this.#keepContents();
    const { songs } = this.server;
    songs.add("steady.wav", STEADY);
    songs.add("tone.wav", TONE);
    songs.add("hiss.wav", HISS);
    songs.add("empty.wav", EMPTY);
    songs.addEntry({ name: "bad.wav", bytes: 9, problem: "not-wav" });
    this.#bystander = this.#connect("bystander", {
      ...{ hello: true, receive: false, window: 500 },
      ...{ readBytes: 1 << 16, capacityBytes: 1 << 20 },
    });
    this.#say(this.#bystander, { type: "play", song: "steady" });
    peers.forEach((peer, i) =>
      this.#clients.push(this.#connect(`peer ${i}`, peer))
    );
    await settle();
  }

  async act(step: Step): Promise<void> {
    const { songs, clock } = this.server;
    if ("pass" in step) await this.#pass(step.pass);
    else if ("disk" in step) {
      this.#answer();
      if (step.disk === "waits") this.#answer = songs.holdReads();
    } else if ("change" in step) {
      songs.add(step.change, wavFile(PHONE, noise(1_000, ++this.#changes)));
    } else if ("failRead" in step) {
      for (const { check } of this.#clients) check.mayFail = true;
      songs.failRead(new Error("the disk is broken"), step.failRead);
    } else this.#actOf(this.#clients[step.peer], step);
    this.#say(this.#bystander, { type: "grant", bytes: 300 });
    await clock.advance(0);
  }

  /** Checks the frames received meanwhile. */
  async look(): Promise<void> {
    await settle();
    for (const client of [this.#bystander, ...this.#clients]) {
      const { connection, check } = client;
      const { frames } = connection.peer;
      while (client.looked < frames.length) {
        check.receive(frames[client.looked++]);
      }
      const { waitingBytes } = connection.session.member.channel;
      assert.ok(waitingBytes <= MOST_WAITING_BYTES, `${waitingBytes} waiting`);
    }
  }

  /** Closes all connections, and checks that no resource is left. */
  async end(): Promise<void> {
    const { hub, songs } = this.server;
    for (const { connection } of this.#clients) {
      connection.client.incoming.held = false;
    }
    this.#answer();
    this.#say(this.#bystander, { type: "grant", bytes: STEADY.length });
    await this.#rest();
    for (const { check, cut, held, over } of this.#clients) {
      if (!cut && !(held && over)) check.assertAnswered();
    }
    this.#bystander.check.assertAnswered();
    assert.equal(this.#bystander.check.fatal, null, "the bystander was hurt");
    assert.equal(this.#bystander.check.complete, 1, "the bystander's song");
    assert.equal(hub.counters.traffic.sentBytes > 0, true);
    for (const { connection } of [this.#bystander, ...this.#clients]) {
      connection.client.close();
    }
    await this.#pass(LAST_MS);
    await this.look();
    const { started, ended, stopped } = hub.counters.streams;
    assert.equal(hub.sessions, 0, "sessions left");
    assert.equal(hub.presence.size, 0, "clients left");
    assert.equal(songs.openCount, 0, "songs left open");
    assert.equal(started, ended + stopped, "streams left");
    for (const { connection } of this.#clients) {
      const reason = await Promise.race([connection.ended, settle()]);
      assert.equal(typeof reason, "string", "a session that does not end");
    }
  }

  /** Waits until no more data is in flight: small capacities need turns. */
  async #rest(): Promise<void> {
    let moved = true;
    while (moved) {
      const before = this.#traffic();
      await this.look();
      await this.server.clock.advance(0);
      moved = this.#traffic() !== before;
    }
  }

  #traffic(): number {
    return this.server.connections.reduce(
      (sum, { client }) =>
        sum + client.outgoing.written + client.incoming.written,
      0,
    );
  }

  /** Advances the time while all peers that can answer pings. */
  async #pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 500) {
      await this.server.clock.advance(Math.min(500, ms - passed));
      this.server.hub.sweep();
      const { connection } = this.#bystander;
      if (!connection.client.closed) {
        this.#say(this.#bystander, { type: "pong" });
      }
    }
  }

  #connect(name: string, options: ScriptPeer): Client {
    const { hello, receive, window, readBytes, capacityBytes } = options;
    const connection = this.server.connectRaw({
      toServer: { readBytes: () => readBytes },
      toClient: { capacityBytes },
      clientAddress: `192.0.2.${this.server.connections.length + 2}:4711`,
    });
    const check = new PeerCheck(this.#contents, options.groups);
    const state = { looked: 0, cut: false, held: false, over: false };
    const hasGroups = hello && options.groups === true;
    const client = { connection, check, hasGroups, ...state };
    connection.ended.then(() => client.over = true);
    if (hello) {
      const features = options.groups ? ["tags", "groups"] : ["tags"];
      const me = { name, device: name };
      this.#say(client, { ...HELLO, ...me, receive, window, features });
    }
    return client;
  }

  #actOf(client: Client, step: PeerStep): void {
    const { connection: { client: end, cut }, check } = client;
    if ("say" in step) this.#say(client, step.say);
    else if ("group" in step) {
      if (client.hasGroups) this.#say(client, step.group);
    } else if ("hold" in step) {
      end.incoming.held = step.hold;
      client.held ||= step.hold;
    } else if ("cut" in step) {
      client.cut = true;
      cut();
    } else if ("bytes" in step) {
      check.wild = true;
      this.#write(client, unhex(step.bytes));
    } else if ("data" in step) {
      this.#write(client, dataFrame(new Uint8Array(step.data)));
    } else this.#upload(client, step);
  }

  #upload(client: Client, { upload }: UploadStep): void {
    const { song, bytes, wrong, replace } = upload;
    const file = wavFile(PHONE, noise(bytes, 5));
    const sha256 = wrong === "hash" ? "0".repeat(64) : sha256Hex(file);
    const length = wrong === "length" ? file.length + 1 : file.length;
    this.#say(client, { type: "upload", song, replace });
    this.#write(client, dataFrame(file));
    if (wrong === "open") return;
    if (wrong !== "silent") {
      this.#say(client, { type: "end", bytes: length, sha256 });
    }
    this.#write(client, dataFrame(new Uint8Array(0)));
  }

  #say(client: Client, message: Message): void {
    const id = ++this.#requests;
    const { group } = message;
    // The group of a device alone has its key for an id.
    const isName = typeof group === "string" && group.includes(" ");
    const named = isName ? { group: deviceKey(group) } : {};
    const sent = JSON.parse(JSON.stringify({ ...message, ...named, id }));
    client.check.sent(sent);
    this.#write(client, messageFrame(sent));
  }

  #write(client: Client, bytes: Uint8Array): void {
    // The server may have closed.
    client.connection.peer.write(bytes).catch(() => client.cut = true);
  }

  #keepContents(): void {
    const { songs } = this.server;
    const add = songs.add.bind(songs);
    songs.add = (name, bytes) => {
      const entry = add(name, bytes);
      this.#contents.set(entry.etag, bytes);
      return entry;
    };
  }
}

/** A script in which one peer sends only these pieces. */
export function wildScript(pieces: Uint8Array[]): Script {
  const quiet: ScriptPeer = {
    ...{ hello: true, receive: true, window: 1 << 20 },
    ...{ readBytes: 1 << 16, capacityBytes: 1 << 20 },
  };
  return {
    peers: [{ ...quiet, hello: false }, quiet, quiet],
    steps: pieces.map((piece) => ({ peer: 0, bytes: hexOf(piece) })),
  };
}

function hexOf(bytes: Uint8Array): string {
  return bytes.toHex();
}
