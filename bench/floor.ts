/**
 * The floor: each kind of work in as few lines of Deno as possible, without any
 * checks. The cost of these programs is that of the runtime, so the bench shows how
 * close ours are to it.
 *
 *     deno run -A bench/floor.ts send|file|session|radio|list|accept|options FILE
 *     deno run -A bench/floor.ts receive|play PORT
 *
 * @module
 */

import { framedBytes, frameInPlace } from "../lib/wire/batch.ts";
import { writeAll } from "../lib/write_all.ts";

const BLOCK = 8192;
const BATCH = 1 << 20;
const FRAMED_BATCH = framedBytes(BATCH, BLOCK);
const NOTHING = new Uint8Array(4);
/** Songs per page. */
const LIST_ROWS = 1000;
/** Credit of a client: the window of its `hello`, and each grant. */
const GRANTED = /"(?:window|bytes)":(\d+)/g;

const WORK: Record<string, (word: string) => Promise<void>> = {
  send,
  file,
  session: (path) => credit(path, false),
  radio: (path) => credit(path, true),
  list,
  receive,
  play,
  accept: () => serve(() => Promise.resolve()),
  options,
};

/** Sends the framed song from memory, in large writes. */
async function send(path: string): Promise<void> {
  const song = await framedSong(path);
  await serve(async (conn) => {
    for (let at = 0; at < song.length; at += BATCH) {
      await writeAll(conn, song.subarray(at, at + BATCH));
    }
    await writeAll(conn, NOTHING);
  });
}

/** Sends the song from its file, framed batch by batch. */
async function file(path: string): Promise<void> {
  await serve(async (conn) => {
    using song = await Deno.open(path);
    const batch = new Uint8Array(FRAMED_BATCH);
    const payload = batch.subarray(batch.length - BATCH);
    let bytes: number | null;
    while ((bytes = await song.read(payload)) !== null) {
      const start = batch.length - BATCH;
      const framed = framedBytes(bytes, BLOCK);
      batch.copyWithin(framed - bytes, start, start + bytes);
      const frames = batch.subarray(0, framed);
      frameInPlace(frames, bytes, BLOCK);
      await writeAll(conn, frames);
    }
    await writeAll(conn, NOTHING);
  });
}

/**
 * A session's credit flow: one write from memory for each grant.
 *
 * @param endless Whether it repeats endlessly, from another position per client.
 */
async function credit(path: string, endless: boolean): Promise<void> {
  const song = await framedSong(path);
  const text = new TextDecoder();
  let listeners = 0;
  await serve(async (conn) => {
    const heard = new Uint8Array(512);
    let at = endless ? (listeners++ * 65536) % song.length : 0;
    at -= at % (BLOCK + 4);
    let due = 0;
    let bytes: number | null;
    while ((bytes = await conn.read(heard)) !== null) {
      for (
        const [, granted] of text.decode(heard.subarray(0, bytes)).matchAll(
          GRANTED,
        )
      ) {
        due += Number(granted);
      }
      while (due > 0) {
        const end = Math.min(at + Math.min(due, BATCH), song.length);
        await writeAll(conn, song.subarray(at, end));
        due -= end - at;
        at = end;
        if (at < song.length) continue;
        at = 0;
        if (endless) continue;
        await writeAll(conn, NOTHING);
        due = -Infinity; // further grants are ignored
      }
    }
  });
}

/** Sends the next page of a list, after its length, for each received byte. */
async function list(path: string): Promise<void> {
  const songs = JSON.parse(await Deno.readTextFile(path));
  const text = new TextEncoder();
  await serve(async (conn) => {
    const heard = new Uint8Array(1);
    for (let at = 0; await conn.read(heard) !== null; at += LIST_ROWS) {
      const rows = songs.slice(at, at + LIST_ROWS);
      const page = text.encode(JSON.stringify({ type: "songs", songs: rows }));
      const frame = new Uint8Array(4 + page.length);
      new DataView(frame.buffer).setUint32(0, page.length);
      frame.set(page, 4);
      await writeAll(conn, frame);
    }
  });
}

/** Reads and parses a plain stream. */
async function receive(port: string): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: +port });
  const buffer = new Uint8Array(64 * 1024);
  let [received, left, fill, length] = [0, 0, 0, 0];
  let bytes: number | null;
  while ((bytes = await conn.read(buffer)) !== null) {
    for (let at = 0; at < bytes;) {
      if (left > 0) {
        const some = Math.min(left, bytes - at);
        received += some;
        left -= some;
        at += some;
        continue;
      }
      length = length << 8 | buffer[at++];
      if (++fill < 4) continue;
      left = length;
      fill = length = 0;
    }
  }
  await Deno.stdout.write(new TextEncoder().encode(`${received}\n`));
}

/** Runs a session from its `hello` to the first PCM at the player. */
async function play(port: string): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: +port });
  const text = new TextEncoder();
  for (
    const message of [
      `{"type":"hello","version":1,"name":"floor","device":"${crypto.randomUUID()}","window":1048576}`,
      '{"type":"play","song":"song"}',
    ]
  ) {
    await writeAll(conn, new Uint8Array([1, 0, 0, message.length]));
    await writeAll(conn, text.encode(message));
  }
  const buffer = new Uint8Array(64 * 1024);
  let bytes = await conn.read(buffer);
  while (bytes !== null && bytes < 8192) bytes = await conn.read(buffer);
  const player = new Deno.Command("ffplay", { stdin: "piped" }).spawn();
  const stdin = player.stdin.getWriter();
  await stdin.write(buffer);
  await stdin.close();
  await player.status;
}

/** Accepts, once the command line's library has read an option. */
async function options(): Promise<void> {
  const { Command } = await import("@commander-js/extra-typings");
  new Command("floor").option("--port <port>", "the port", "0")
    .parse(["--port", "0"], { from: "user" });
  await serve(() => Promise.resolve());
}

async function serve(talk: (conn: Deno.TcpConn) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const line = `listening ${listener.addr.port}\n`;
  await Deno.stdout.write(new TextEncoder().encode(line));
  for await (const conn of listener) {
    conn.setNoDelay(true);
    talk(conn).catch(() => {}).finally(() => {
      try {
        conn.close();
      } catch {
        // The listener closed it first.
      }
    });
  }
}

async function framedSong(path: string): Promise<Uint8Array> {
  const song = await Deno.readFile(path);
  const framed = new Uint8Array(framedBytes(song.length, BLOCK));
  framed.set(song, framed.length - song.length);
  frameInPlace(framed, song.length, BLOCK);
  return framed;
}

await WORK[Deno.args[0]](Deno.args[1]);
