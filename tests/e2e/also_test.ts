import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { TlsConnector } from "../../lib/io/tls/tls_connect.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  ClusterWorld,
  until,
  untilAlive,
  untilHashed,
} from "../support/cluster_world.ts";
import { hearStreams } from "../support/hear_streams.ts";
import { needsNats } from "../support/nats.ts";
import { startClient, type TestServer } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";

const SONG = wavFile(CD, noise(12 << 20));
const OTHER = wavFile(CD, noise(1 << 20, 2));

/** Plays a song, kills a server in the middle, and compares what came with the song. */
async function playAndKill(
  { server, victim = server, words = [], env = {} }: {
    server: TestServer;
    victim?: TestServer;
    words?: string[];
    env?: Record<string, string>;
  },
): Promise<string> {
  await using client = startClient([
    ...["play", "song", "--server", server.address],
    ...["--player", "stdout", ...words],
  ], { readStdout: false, env });
  const pcm = new Uint8Array(SONG.length - 44);
  const reader = client.child.stdout.getReader({ mode: "byob" });
  let [into, filled] = [new Uint8Array(1 << 20), 0];
  while (true) {
    const { value, done } = await reader.read(into);
    if (done) break;
    pcm.set(value, filled);
    // Nothing is read meanwhile, so that the rest has yet to be sent.
    if (filled === 0) {
      victim.program.child.kill("SIGKILL");
      await victim.program.child.status;
    }
    filled += value.length;
    into = new Uint8Array(value.buffer);
  }
  const { code } = await client.child.status;
  assert.equal(code, 0, client.stderr);
  assert.equal(filled, pcm.length);
  assertBytes(pcm, SONG.subarray(44));
  return client.stderr;
}

/** All of a song. */
async function heard(
  session: ClientSession,
  song: string,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const play = hearStreams(session, {
    data: (piece) => void pieces.push(piece.slice()),
    dataEnd: resolve,
  });
  await play({ song });
  await promise;
  return concat(pieces);
}

Deno.test({
  name:
    "a song goes on at the very byte from another server when its server is killed",
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    const [attic, cellar] = await Promise.all([
      world.server("attic", { "song.wav": SONG }),
      // The bare name is another song there.
      world.server("cellar", { "same.wav": SONG, "song.wav": OTHER }),
    ]);
    for (const { ports } of [attic, cellar]) {
      const session = await openSession(ports.session);
      await untilHashed(session, 3);
      session.close();
    }
    await playAndKill({ server: attic });
  },
});

Deno.test({
  name:
    "the very next byte comes from another holder when the one that is read dies",
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    const [attic, cellar, shed] = await Promise.all([
      world.server("attic", { "song.wav": SONG }),
      world.server("cellar", { "same.wav": SONG }),
      world.server("shed"),
    ]);
    for (const { ports } of [attic, cellar, shed]) {
      const session = await openSession(ports.session);
      await untilHashed(session, 2);
      session.close();
    }
    // "attic" comes first by name.
    await playAndKill({ server: shed, victim: attic });
  },
});

Deno.test({
  name:
    "over TLS, another server with the same token takes over, and is not trusted by name",
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    const { folder } = world;
    const wordsOf = (node: string) => [
      ...["--tls-self-signed", "--token", "a token"],
      ...["--tls-dir", folder.file(`tls of ${node}`)],
    ];
    const [attic, cellar] = await Promise.all([
      world.server("attic", { "song.wav": SONG }, wordsOf("attic")),
      world.server(
        "cellar",
        { "song.wav": SONG, "far.wav": OTHER },
        wordsOf("cellar"),
      ),
    ]);
    for (const [node, { ports }] of Object.entries({ attic, cellar })) {
      const certificate = await Deno.readTextFile(
        folder.file(`tls of ${node}/cert.pem`),
      );
      const session = await openSession(
        ports.session,
        { token: "a token", windowBytes: 2 * OTHER.length },
        new TlsConnector("127.0.0.1", ports.session, { certificate }),
      );
      await untilHashed(session, 2);
      await untilAlive(session, node === "attic" ? "cellar" : "attic");
      if (node === "attic") assertBytes(await heard(session, "far"), OTHER);
      session.close();
    }
    const env = { HOME: folder.path, XDG_DATA_HOME: folder.path };
    const words = ["--tls", "--token", "a token"];
    const said = await playAndKill({ server: attic, words, env });
    assert.ok(said.includes(`Lost the connection to ${attic.address}`), said);
    const known = await Deno.readTextFile(
      folder.file("ondacast/known_servers"),
    );
    assert.ok(known.includes(attic.address), known);
    assert.ok(!known.includes(cellar.address), known);
  },
});

Deno.test({
  name: "of two connections of one device to two servers the newer one lives",
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start();
    const [attic, cellar] = await Promise.all([
      world.server("attic"),
      world.server("cellar"),
    ]);
    const device = crypto.randomUUID();
    const older = await openSession(attic.ports.session, { device });
    const watcher = await openSession(cellar.ports.session);
    await untilAlive(watcher, "attic");
    const { key } = await older.welcome;
    const placesOf = async () =>
      (await watcher.request({ type: "online" })).clients
        .filter((it) => it.key === key).map(({ node }) => node);
    await until(placesOf, ([node]) => node === "attic");
    const newer = await openSession(cellar.ports.session, { device });
    await new Promise<void>((resolve) => {
      older.over.addEventListener("abort", () => resolve());
      if (older.failure) resolve();
    });
    assert.equal(older.failure?.code, "replaced");
    assert.deepEqual(await placesOf(), ["cellar"]);
    await newer.ping();
    assert.equal(newer.failure, null);
    newer.close();
    watcher.close();
  },
});
