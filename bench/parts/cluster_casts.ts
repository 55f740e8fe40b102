/**
 * Servers that are one: how much later a cast is at a device of another server than
 * at one of the own. Needs `nats-server`.
 *
 * @module
 */

import { ClientSession } from "../../lib/client/client_session.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { isThere } from "../programs.ts";
import { type Results, US } from "../results.ts";
import { startOurs } from "../servers.ts";
import { openSession } from "../session.ts";
import { writeSong } from "../songs.ts";
import type { Workshop } from "../workshop.ts";
import { SECRET, startNats, URL } from "./cluster.ts";

/** Casts of each round to each device. */
const CASTS = 10;
const SONG_SECONDS = 20;
/** Between two casts, which a client may not make more often. */
const PAUSE_MS = 100;

/** Two servers with a device each; a client of the first casts to both in turn. */
export async function clusterCasts(
  shop: Workshop,
  results: Results,
): Promise<void> {
  if (!await isThere("nats-server")) {
    return results.note("cluster-casts: nats-server is not there");
  }
  await using _nats = await startNats(shop);
  const music = shop.path("casts-music");
  await Deno.mkdir(music, { recursive: true });
  await writeSong(`${music}/song.wav`, SONG_SECONDS);
  const secretFile = shop.path("cluster-secret");
  await Deno.writeTextFile(secretFile, SECRET);
  const node = (name: string) =>
    startOurs(
      ...[music, "--cluster", URL, "--node", name] as const,
      ...["--cluster-secret-file", secretFile, "--data", "off"],
    );
  await using here = await node("here");
  await using there = await node("there");
  const near = await openDevice(here.sessionPort, "near");
  const far = await openDevice(there.sessionPort, "far");
  const session = await openSession(here.sessionPort);
  while ((await session.request({ type: "online" })).clients.length < 3) {
    await systemClock.sleep(PAUSE_MS);
  }
  const cast = async (device: Device) => {
    await systemClock.sleep(PAUSE_MS);
    const heard = device.hears();
    const startMs = performance.now();
    await session.request({ type: "cast", song: "song", to: [device.key] });
    const answeredMs = performance.now() - startMs;
    await heard;
    return { answeredMs, heardMs: performance.now() - startMs };
  };
  const rounds: Record<"near" | "far", Awaited<ReturnType<typeof cast>>>[] = [];
  for (let i = 0; i < CASTS * shop.options.rounds; i++) {
    rounds.push({ near: await cast(near), far: await cast(far) });
  }
  // The first ones make connections, and borrow the device.
  rounds.splice(0, 2);
  const whats = ["answered", "heard"] as const;
  for (const what of whats) {
    const of = (place: "near" | "far") =>
      rounds.map((it) => it[place][`${what}Ms`]);
    const title = `cast: ${what} by a device of`;
    results.add(`${title} the own server`, US, "ms", of("near"));
    results.add(`${title} another server`, US, "ms", of("far"));
    const more = `${title} another server, later than of the own by`;
    results.add(
      more,
      US,
      "ms",
      of("far").map((ms, i) => ms - of("near")[i]),
    );
    results.bound(more, { atMost: 30 });
  }
  for (const it of [session, near.session, far.session]) it.close();
}

interface Device {
  readonly session: ClientSession;
  readonly key: string;
  /** Resolves at the first byte of the next stream. */
  hears(): Promise<void>;
}

/** A device that takes all that it is sent at once. */
async function openDevice(port: number, name: string): Promise<Device> {
  const session = await ClientSession.open(
    new TcpConnector("127.0.0.1", port),
    {
      clock: systemClock,
      identity: { name, device: crypto.randomUUID(), receive: true },
      windowBytes: 1 << 20,
    },
  );
  const { key } = await session.welcome;
  let heard = () => {};
  session.listen({
    cast: (stream) => {
      stream.listener = {
        data: (piece) => {
          heard();
          stream.used(piece.length);
        },
        end() {},
        stopped() {},
        displaced() {},
      };
    },
  });
  const hears = () => new Promise<void>((resolve) => heard = resolve);
  return { session, key, hears };
}
