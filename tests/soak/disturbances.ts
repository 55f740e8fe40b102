/**
 * Disturbances of the soak's server, besides its listeners: uploads, casts,
 * killed programs, stalled and silent peers, and plain streams. Each repeats
 * until the end.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import { uploadSong } from "../../lib/client/upload_song.ts";
import { TcpConnector } from "../../lib/io/net/tcp.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { FrameDecoder } from "../../lib/wire/frame.ts";
import { encodeMessage } from "../../lib/wire/message_codec.ts";
import { clientCommand, RunningProgram } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import type { Crowd } from "./crowd.ts";
import {
  oddName,
  pushAtDeaf,
  raceUploads,
  resetAtOnce,
  slowHead,
} from "./hostile_disturbances.ts";
import { bytesOf, CD_RATE, type SoakSong, type SoakSongs } from "./songs.ts";
import type { StreamCounts } from "./stream_check.ts";

/** Names under which songs are uploaded repeatedly. */
export const UPLOADS = Array.from({ length: 10 }, (_, i) => `uploads/${i}.wav`);

/** The context of the disturbances. */
export interface Scene {
  ports: { session: number; stream: number; http: number };
  folder: string;
  songs: SoakSongs;
  /** The song of the plain stream. */
  plainSong: SoakSong;
  crowd: Crowd;
  counts: StreamCounts;
  random: () => number;
  signal: AbortSignal;
}

/** A disturbance. @returns The name under which it is counted. */
type Disturbance = (scene: Scene) => Promise<string>;

interface Row {
  everyMs: number;
  disturb: Disturbance;
}

const ROWS: Row[] = [
  { everyMs: 5_000, disturb: upload },
  { everyMs: 45_000, disturb: removeSong },
  { everyMs: 3_000, disturb: cast },
  { everyMs: 20_000, disturb: watch },
  { everyMs: 15_000, disturb: killProgram },
  { everyMs: 20_000, disturb: readNothing },
  { everyMs: 20_000, disturb: sayNothing },
  { everyMs: 20_000, disturb: pushAtDeaf },
  { everyMs: 5_000, disturb: slowHead },
  { everyMs: 20_000, disturb: resetAtOnce },
  { everyMs: 10_000, disturb: raceUploads },
  { everyMs: 15_000, disturb: oddName },
  ...Array.from({ length: 5 }, () => ({ everyMs: 100, disturb: plainStream })),
];

/** Runs all disturbances until the signal. @returns Their counts. */
export async function disturb(scene: Scene): Promise<Record<string, number>> {
  const done: Record<string, number> = {};
  const one = async (disturb: Disturbance) => {
    try {
      const what = await disturb(scene);
      done[what] = (done[what] ?? 0) + 1;
    } catch (error) {
      if (!scene.signal.aborted) {
        scene.counts.fault(`${disturb.name}: ${error}`);
      }
    }
  };
  await Promise.all(ROWS.map(async ({ everyMs, disturb }) => {
    const under = new Set<Promise<void>>();
    while (!scene.signal.aborted) {
      if (disturb === plainStream) await one(disturb);
      else {
        const work: Promise<void> = one(disturb)
          .finally(() => under.delete(work));
        under.add(work);
      }
      await systemClock.sleep(
        everyMs * (0.5 + scene.random()),
        scene.signal,
      );
    }
    await Promise.all(under);
  }));
  return done;
}

/** Replaces a song by an upload, or loses the connection during it. */
async function upload(scene: Scene): Promise<string> {
  const { songs, random, ports } = scene;
  const song = songs.songs[Math.floor(random() * songs.songs.length)];
  const name = UPLOADS[Math.floor(random() * UPLOADS.length)];
  const cutAt = random() < 0.2 ? random() * song.file.length : Infinity;
  const transport = await new TcpConnector("127.0.0.1", ports.session)
    .connect();
  const session = await openSession(ports.session, { name: "uploader" }, {
    place: "soak",
    connect: () => Promise.resolve(transport),
  });
  try {
    const stored = await uploadSong(session, {
      song: name,
      replace: true,
      newHash,
      source: bytesOf(song.file),
      onProgress: (bytes) => {
        if (bytes >= cutAt) transport.close();
      },
    });
    songs.learn(stored.etag, song);
    return "uploads stored";
  } catch (error) {
    if (cutAt < Infinity) return "uploads cut";
    throw error;
  } finally {
    session.close();
  }
}

/** Removes a song that may be playing. */
async function removeSong({ folder, random }: Scene): Promise<string> {
  const name = UPLOADS[Math.floor(random() * UPLOADS.length)];
  try {
    await Deno.remove(join(folder, name));
    return "songs removed";
  } catch {
    return "songs removed that were not there";
  }
}

/** Casts a song to some listeners. */
async function cast(scene: Scene): Promise<string> {
  const { crowd, songs, random, ports } = scene;
  const to = crowd.receivers(1 + Math.floor(random() * 5));
  if (to.length === 0) return "casts to nobody";
  const session = await openSession(ports.session, { name: "caster" });
  try {
    const song = songs.songs[Math.floor(random() * songs.songs.length)].name;
    await session.request({ type: "cast", song, to, from: random() * 20 });
    const value = random() * 100;
    await session.request({ type: "control", to, action: "volume", value });
    return "casts";
  } catch (error) {
    if ((error as { code: string }).code === "not-found") {
      return "casts to nobody";
    }
    throw error;
  } finally {
    session.close();
  }
}

/** Watches the list of clients for a while. */
async function watch({ ports, signal }: Scene): Promise<string> {
  const session = await openSession(ports.session, { name: "watcher" });
  let lists = 0;
  session.listen({ online: () => lists++ });
  await session.request({ type: "online", watch: true });
  await session.request({ type: "list" });
  await systemClock.sleep(30_000, signal);
  session.close();
  if (lists === 0 && !signal.aborted) throw new Error("no list was received");
  return "watchers";
}

/** Starts a real client that plays, or waits for songs, and kills it. */
async function killProgram(scene: Scene): Promise<string> {
  const { random, ports } = scene;
  const [file, args] = clientCommand([
    ...random() < 0.5 ? ["play", "song 3"] : ["receive", "--name", "receiver"],
    ...["--player", "null", "--server", `127.0.0.1:${ports.session}`],
  ]);
  await using program = new RunningProgram(file, args);
  await systemClock.sleep(3_000 + random() * 17_000, scene.signal);
  program.child.kill("SIGKILL");
  await program.ended();
  return "programs killed";
}

/** Grants 1 GB and reads no data; the server disconnects it after 30 s. */
async function readNothing(scene: Scene): Promise<string> {
  using conn = await greet(scene, 2 ** 30);
  await conn.write(encodeMessage({ type: "play", song: "song 7" }));
  await systemClock.sleep(35_000, scene.signal);
  return "peers that read nothing";
}

/** Sends only a hello; the server disconnects it after 20 s. */
async function sayNothing(scene: Scene): Promise<string> {
  using _conn = await greet(scene, 0);
  await systemClock.sleep(25_000, scene.signal);
  return "peers that say nothing";
}

async function greet(
  { ports }: Scene,
  window: number,
): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: ports.session,
  });
  const device = crypto.randomUUID();
  await conn.write(
    encodeMessage({ type: "hello", version: 1, name: "mute", device, window }),
  );
  return conn;
}

/** Reads the plain stream at the rate of CD audio, and checks it. */
async function plainStream(scene: Scene): Promise<string> {
  const { plainSong, counts } = scene;
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: scene.ports.stream,
  });
  const hash = createHash("sha256");
  let complete = false;
  let bytes = 0;
  const decoder = new FrameDecoder({
    data: (piece) => {
      hash.update(piece);
      bytes += piece.length;
    },
    dataEnd: () => complete = true,
    message: () => counts.fault("a message on the plain stream"),
  }, { maxMessageBytes: 0, plain: true });
  const buffer = new Uint8Array(64 * 1024);
  const beganMs = performance.now();
  while (!scene.signal.aborted) {
    const count = await conn.read(buffer);
    if (count === null) break;
    decoder.push(buffer.subarray(0, count));
    const aheadMs = bytes / CD_RATE * 1000 - (performance.now() - beganMs);
    if (aheadMs > 100) await systemClock.sleep(aheadMs, scene.signal);
  }
  if (scene.signal.aborted) return "plain streams left";
  if (!complete || hash.digest("hex") !== plainSong.sha256) {
    throw new Error(`${bytes} bytes came, which are not ${plainSong.name}`);
  }
  return "plain streams complete";
}
