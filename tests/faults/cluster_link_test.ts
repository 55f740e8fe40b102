import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { ClusterWorld, untilHashed } from "../support/cluster_world.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { NatsServer, needsNats } from "../support/nats.ts";
import { NetworkNamespace } from "../support/network_namespace.ts";
import { TestServer } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";

/** 500 take half a minute on two cores. */
const LISTENERS = Number(Deno.env.get("ONDACAST_CLUSTER_LISTENERS") ?? 60);
const SONG = wavFile(CD, noise(20 << 20));
/** What each one takes, and no more. */
const PART_BYTES = 1 << 20;

/** Takes a part of the song, and compares it. */
async function listen(port: number, offset: number): Promise<void> {
  const session = await openSession(port, { windowBytes: PART_BYTES });
  const part = SONG.subarray(offset, offset + PART_BYTES);
  assertBytes(await take(session, offset, part.length), part);
  session.close();
}

async function take(
  session: ClientSession,
  offset: number,
  bytes: number,
): Promise<Uint8Array> {
  const taken = new Uint8Array(bytes);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  session.over.addEventListener("abort", () => reject(session.failure));
  let filled = 0;
  await session.openStream({ song: "song", offset }, (stream) => {
    stream.listener = {
      // Nothing is granted again, so that no more comes.
      data(piece) {
        taken.set(piece, filled);
        filled += piece.length;
        if (filled === bytes) resolve();
      },
      end() {},
      stopped: ({ reason }) => reject(new Error(reason)),
      displaced() {},
    };
  });
  await promise;
  return taken;
}

Deno.test({
  name:
    `${LISTENERS} listeners at as many places of a song take it over the link once`,
  ignore: needsNats.ignore || !NetworkNamespace.possible,
  async fn() {
    await using machine = await NetworkNamespace.make();
    await using world = await ClusterWorld.start([
      await NatsServer.start(["-a", "0.0.0.0"]),
    ]);
    const { folder, nats: [nats] } = world;
    const attic = await world.server("attic");
    await Deno.mkdir(folder.file("cellar"));
    await Deno.writeFile(folder.file("cellar/song.wav"), SONG);
    await using _cellar = await TestServer.start([
      ...["--music", folder.file("cellar"), "--node", "cellar"],
      ...["--cluster", `nats://${machine.gateway}:${nats.port}`],
      ...["--cluster-secret-file", folder.file("secret"), "--cluster-plain"],
      ...["--host", "0.0.0.0", "--advertise", `${machine.address}:4040`],
      ...["--port", "4040"],
    ], { under: machine.under });
    const session = await openSession(attic.ports.session);
    await untilHashed(session, 1);
    session.close();
    const before = await machine.sentBytes();
    const last = SONG.length - PART_BYTES;
    await Promise.all(
      Array.from(
        { length: LISTENERS },
        (_, i) =>
          listen(attic.ports.session, Math.floor(last * i / (LISTENERS - 1))),
      ),
    );
    const ratio = (await machine.sentBytes() - before) / SONG.length;
    assert.ok(ratio > 1 && ratio <= 1.05, `${ratio} times the song`);
  },
});
