import assert from "node:assert/strict";
import { named } from "../../lib/cli/chosen_server.ts";
import { serverConnector } from "../../lib/cli/server_connector.ts";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { Link } from "../../lib/client/link.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { arrived, ask, settled } from "../support/cluster_checks.ts";
import {
  ClusterWorld,
  untilAlive,
  untilHashed,
} from "../support/cluster_world.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { needsNats } from "../support/nats.ts";
import type { TestServer } from "../support/programs.ts";
import { type Place, RoamingDevice } from "../support/roaming_device.ts";
import { openSession } from "../support/sessions.ts";

const LISTENERS = Number(Deno.env.get("ONDACAST_CLUSTER_LISTENERS") ?? 24);
const SONG = wavFile(CD, noise(8 << 20));
/** A megabyte a second, or a quarter of that for each of hundreds. */
const WINDOW_BYTES = 256 * 1024;
const GRANT_MS = LISTENERS > 100 ? 1_000 : 250;
const NODES = ["attic", "cellar", "shed"];
/** The servers of the devices of each group. */
const GROUPS = [[0, 1], [1, 2]];
/** How soon all lists are equal. */
const MOST_MS = 5_000;
/** On a machine that is busier, figures are only reported. */
const MOST_LOAD = 2;

/** Listens to the song, from whichever server has it. @returns Connections. */
async function listen(address: string, signal: AbortSignal): Promise<number> {
  const link = new Link({
    connector: serverConnector(named(address), {
      ...{ clock: systemClock, random: Math.random, signal, trust: null },
      ...{ sendsToken: false, id: () => null },
    }),
    identity: { name: "listener", device: crypto.randomUUID() },
    ...{ clock: systemClock, windowBytes: WINDOW_BYTES, signal },
  });
  let [at, connections, etag] = [0, 0, undefined as string | undefined];
  while (at < SONG.length) {
    const session = connections === 0
      ? await link.session()
      : await link.reconnect(60_000);
    connections++;
    await hear(session, { song: "song", offset: at, etag }, {
      began: (now) => etag ??= now,
      data(piece) {
        for (let i = 0; i < piece.length; i += 997) {
          if (piece[i] !== SONG[at + i]) throw new Error(`wrong at ${at + i}`);
        }
        at += piece.length;
      },
    });
  }
  assert.equal(at, SONG.length);
  link.close();
  return connections;
}

/** Until the stream or the connection ends. */
async function hear(
  session: ClientSession,
  asked: { song: string; offset: number; etag?: string },
  on: { began(etag: string | undefined): void; data(piece: Uint8Array): void },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  session.over.addEventListener("abort", () => resolve());
  session.openStream(asked, (stream) => {
    on.began(stream.start.etag ?? undefined);
    stream.listener = {
      data(piece) {
        try {
          on.data(piece);
        } catch (error) {
          reject(error);
        }
        const { length } = piece;
        setTimeout(() => session.failure || stream.used(length), GRANT_MS);
      },
      end: resolve,
      stopped: ({ reason }) => reject(new Error(reason)),
      displaced: () => reject(new Error("it was displaced")),
    };
  }).catch((error) => session.failure ? resolve() : reject(error));
  await promise;
}

/** Waits until all servers see each other, and the content of the song. */
async function joined(servers: TestServer[]): Promise<void> {
  for (const [i, { ports }] of servers.entries()) {
    const session = await openSession(ports.session);
    await untilAlive(session, ...NODES.filter((_, k) => k !== i));
    await untilHashed(session, 1);
    session.close();
  }
}

Deno.test({
  name:
    `${LISTENERS} listeners and two groups hear every byte while all servers are restarted one after the other`,
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    const songs = { "song.wav": SONG };
    // What is kept of songs tells their contents at once.
    const start = (node: string, ...words: string[]) =>
      world.server(node, songs, [
        ...["--data", world.folder.file(`data of ${node}`), ...words],
      ]);
    const servers = await Promise.all(NODES.map((node) => start(node)));
    await joined(servers);
    const running = NODES.map(() => true);
    const nodes: Place[] = servers.map(({ ports }, i) => ({
      name: NODES[i],
      program: { home: "127.0.0.1", port: ports.session },
      get isRunning() {
        return running[i];
      },
    }));
    const faults: string[] = [];
    using stack = new DisposableStack();
    const groups = GROUPS.map((homes, k) =>
      homes.map((i) =>
        stack.use(
          new RoamingDevice({
            ...{ name: `room ${k} ${NODES[i]}`, home: nodes[i], nodes },
            songs: new Map(Object.entries(songs)),
            fault: (text) => faults.push(text),
          }),
        )
      )
    );
    await arrived(nodes[0], groups.flat());
    for (const devices of groups) {
      await ask(nodes[0], (session) =>
        session.request({
          ...{ type: "queue", to: devices.map(({ key }) => key) },
          ...{ songs: ["song"], repeat: "all" },
        }));
    }
    assert.equal(typeof await settled(nodes, groups), "number");
    const end = new AbortController();
    const places = servers.map(({ address }) => address);
    const listening = Promise.all(
      Array.from(
        { length: LISTENERS },
        (_, i) => listen(places[i % places.length], end.signal),
      ),
    );
    listening.catch(() => {}); // It is awaited below.
    const before = new Map(groups.flat().map((it) => [it, it.heardBytes]));
    const tookMs: number[] = [];
    for (const [i, node] of NODES.entries()) {
      const { program, ports } = servers[i];
      running[i] = false;
      program.child.kill("SIGTERM");
      assert.equal((await program.ended()).code, 0);
      servers[i] = await start(node, "--port", String(ports.session));
      running[i] = true;
      const took = await settled(nodes, groups);
      if (typeof took === "string") assert.fail(`apart: ${took}`);
      tookMs.push(took);
      await joined(servers);
    }
    const connections = await listening;
    assert.ok(connections.some((it) => it > 1), "nobody moved");
    const silent = groups.flat().filter((it) =>
      it.heardBytes === before.get(it)
    );
    assert.deepEqual(silent.map(({ name }) => name), []);
    assert.deepEqual(faults, []);
    // deno-lint-ignore no-console
    console.log(
      `  ms until all lists were equal: ${tookMs}; connections: ${
        connections.reduce((sum, it) => sum + it, 0)
      }`,
    );
    end.abort();
    if (Deno.loadavg()[0] > MOST_LOAD) return;
    assert.ok(Math.max(...tookMs) < MOST_MS, `${tookMs}`);
  },
});
