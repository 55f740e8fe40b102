/**
 * Hostile peers of the soak, which an unbounded server could not bear: messages
 * to a receiver that reads no data, heads that are slow to match, connections
 * that are reset at once, concurrent uploads of one name, and names that other
 * systems cannot store.
 *
 * @module
 */

import { createHash } from "node:crypto";
import net from "node:net";
import { join } from "@std/path";
import { uploadSong } from "../../lib/client/upload_song.ts";
import { newHash } from "../../lib/io/disk/hash_file.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { encodeMessage } from "../../lib/wire/message_codec.ts";
import { openSession } from "../support/sessions.ts";
import type { Scene } from "./disturbances.ts";
import { bytesOf } from "./songs.ts";
import { hearStreams } from "../support/hear_streams.ts";

/** The longest time that a client may wait because of others. */
const MOST_MS = 2_000;
const PUSHES = 40;
const PUSH_MS = 250;
const RESETS = 50;

/** Controls and casts to a receiver that reads no data. */
export async function pushAtDeaf({ ports, signal }: Scene): Promise<string> {
  using deaf = await connect(ports.session);
  const device = crypto.randomUUID();
  const name = `deaf ${device.slice(0, 8)}`;
  await deaf.write(encodeMessage({
    ...{ type: "hello", version: 1, name, device, window: 0, receive: true },
  }));
  const pusher = await openSession(ports.session, { name: "pusher" });
  try {
    for (let i = 0; i < PUSHES && !signal.aborted; i++) {
      for (let value = 0; value <= 100; value += 4) {
        pusher.send({ type: "control", to: [name], action: "volume", value });
      }
      pusher.send({ type: "cast", song: "song 1", to: [name] });
      await systemClock.sleep(PUSH_MS, signal);
    }
    await within(pusher.request({ type: "ping" }), "a pusher's ping");
  } finally {
    pusher.close();
  }
  return "receivers pushed at that read nothing";
}

/** An HTTP head of the maximum length that makes a backtracking reader slow. */
export async function slowHead({ ports, random }: Scene): Promise<string> {
  using conn = await connect(ports.http);
  const blanks = " ".repeat(15_000);
  const field = random() < 0.5 ? `a:${blanks}\nb` : `a:x${blanks}y`;
  await conn.write(new TextEncoder().encode(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n${field}\r\n\r\n`,
  ));
  await within(conn.read(new Uint8Array(64)), "the answer to a long head");
  return "slow heads";
}

/** Connections to every port that are reset before they are accepted. */
export async function resetAtOnce({ ports }: Scene): Promise<string> {
  for (const port of [ports.session, ports.stream, ports.http]) {
    for (let i = 0; i < RESETS; i++) {
      const socket = net.connect(port, "127.0.0.1");
      await new Promise<void>((done) => socket.once("connect", done));
      socket.resetAndDestroy();
    }
  }
  const session = await within(
    openSession(ports.session, { name: "newcomer" }),
    "a newcomer's welcome",
  );
  session.close();
  return "storms of resets";
}

/** Two concurrent uploads of a new name, of which one is stored. */
export async function raceUploads(scene: Scene): Promise<string> {
  const { songs, ports, folder, random } = scene;
  const name = `race ${Math.floor(random() * 1e9)}.wav`;
  const contents = [songs.songs[0], songs.songs[1]];
  const ends = await Promise.allSettled(contents.map(async ({ file }, i) => {
    const session = await openSession(ports.session, { name: `racer ${i}` });
    try {
      return await uploadSong(session, {
        song: i === 0 ? name : name.toUpperCase(),
        newHash,
        source: bytesOf(file),
      });
    } finally {
      session.close();
    }
  }));
  const stored = ends.flatMap((end) =>
    end.status === "fulfilled" ? [end.value.song] : []
  );
  for (const end of ends) {
    if (end.status === "rejected" && end.reason.code !== "exists") {
      throw end.reason;
    }
  }
  if (stored.length !== 1) throw new Error(`stored: ${stored}`);
  await Deno.remove(join(folder, stored[0]));
  return "races of two uploads";
}

/** Plays a song whose name only this system can store. */
export async function oddName(scene: Scene): Promise<string> {
  const { songs, ports, folder, random, signal } = scene;
  const song = songs.songs[0];
  const name = `Who: "${Math.floor(random() * 1e9)}"? <3 *.wav`;
  await Deno.writeFile(join(folder, name), song.file);
  const session = await openSession(ports.session, { name: "odd" });
  try {
    const untilMs = performance.now() + 10_000;
    while (!(await session.request({ type: "list", match: name })).songs[0]) {
      if (signal.aborted) return "odd names left";
      if (performance.now() > untilMs) throw new Error(`${name} is not found`);
      await systemClock.sleep(200, signal);
    }
    const hash = createHash("sha256");
    const complete = Promise.withResolvers<void>();
    const play = hearStreams(session, {
      data: (piece) => {
        hash.update(piece);
        session.used(piece.length);
      },
      dataEnd: complete.resolve,
      closed: complete.reject,
    });
    await play({ song: name });
    await complete.promise;
    if (hash.digest("hex") !== song.sha256) throw new Error(`${name} is wrong`);
    return "odd names";
  } finally {
    session.close();
    await Deno.remove(join(folder, name));
  }
}

function connect(port: number): Promise<Deno.TcpConn> {
  return Deno.connect({ hostname: "127.0.0.1", port });
}

/** @throws {Error} If it takes longer than a client may wait. */
async function within<T>(work: Promise<T>, what: string): Promise<T> {
  const over = new AbortController();
  try {
    return await Promise.race([
      work,
      systemClock.sleep(MOST_MS, over.signal).then(() => {
        if (over.signal.aborted) return work;
        throw new Error(`${what} took more than ${MOST_MS} ms`);
      }),
    ]);
  } finally {
    over.abort();
  }
}
