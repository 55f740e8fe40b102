import assert from "node:assert/strict";
import { join } from "@std/path";
import { wavHeader } from "../../lib/audio/wav_writer.ts";
import { encodeMessage } from "../../lib/wire/message_codec.ts";
import { MUSIC, TempFolder, TestServer } from "../support/programs.ts";
import { messageFrame } from "../support/raw_peer.ts";
import { holdingOf, untilHolding } from "../support/server_watch.ts";
import { openSession } from "../support/sessions.ts";
import { SteadyListener } from "../support/steady_listener.ts";
import { hearStreams } from "../support/hear_streams.ts";

const SONG = "Ode to Joy.wav";
const READERS = 300;
const GIB = 2 ** 30;
/**
 * Shared pages and buffers, and 1 MiB for each: 64 KiB of queued frames
 * (docs/limits.md), and memory that the allocator keeps.
 */
const MOST_GROWTH_BYTES = (256 + 8 + READERS) * 2 ** 20;
const CD = { encoding: "s16le", rate: 44100, channels: 2, bits: 16 } as const;
const ALBUM_BYTES = 400 * 2 ** 20;

/** A song of 400 MiB in a sparse file. */
async function writeAlbum(path: string): Promise<void> {
  await Deno.writeFile(path, wavHeader(CD, ALBUM_BYTES));
  await Deno.truncate(path, 44 + ALBUM_BYTES);
}

async function connect(port: number): Promise<Deno.TcpConn> {
  return await Deno.connect({ hostname: "127.0.0.1", port });
}

function hello(name: string, window: number): Uint8Array {
  const device = crypto.randomUUID();
  return encodeMessage({ type: "hello", version: 1, name, device, window });
}

/** Milliseconds that a new client waits for a complete song. */
async function servedMs(port: number, song: string): Promise<number> {
  const beganMs = performance.now();
  const session = await openSession(port);
  const complete = Promise.withResolvers<void>();
  const play = hearStreams(session, {
    data: (piece) => session.used(piece.length),
    dataEnd: complete.resolve,
    closed: complete.reject,
  });
  await play({ song });
  await complete.promise;
  session.close();
  return performance.now() - beganMs;
}

Deno.test({
  name:
    "300 clients that grant 1 GiB and read no data use bounded memory and do not disturb others",
  ignore: Deno.build.os !== "linux", // measured by its /proc
  async fn() {
    await using folder = await TempFolder.make();
    await Deno.copyFile(join(MUSIC, SONG), folder.file(SONG));
    await writeAlbum(folder.file("album.wav"));
    const file = await Deno.readFile(join(MUSIC, SONG));
    await using server = await TestServer.start([
      ...["--music", folder.path],
    ]);
    const { session: port } = server.ports;
    await servedMs(port, SONG);
    const before = await holdingOf(server);
    const steady = await SteadyListener.start(port, SONG, file);
    const quickMs = await servedMs(port, SONG);
    const conns = await Promise.all(
      Array.from({ length: READERS }, async (_, i) => {
        const conn = await connect(port);
        // Each at a different position, so that no two share a page.
        const offset = 44 + i * 2 ** 20;
        await conn.write(hello(`reader ${i}`, GIB));
        await conn.write(messageFrame({ type: "play", song: "album", offset }));
        return conn;
      }),
    );
    // The sockets are full once no more is sent.
    let sent = -1;
    const full = await untilHolding(server, ({ streams, rssBytes }) => {
      const isStill = streams > READERS && Math.abs(rssBytes - sent) < 1e5;
      sent = rssBytes;
      return isStill;
    }, 30_000);
    const times: number[] = [];
    for (let i = 0; i < 5; i++) times.push(await servedMs(port, SONG));
    const { samples, seconds } = steady.end();
    const growth = full.rssBytes - before.rssBytes;
    assert.ok(growth < MOST_GROWTH_BYTES, `${growth} bytes more`);
    const slowest = Math.max(...times);
    assert.ok(slowest < 2_000, `a song took ${slowest} ms`);
    for (const conn of conns) conn.close();
    const after = await untilHolding(server, ({ clients }) => clients === 0);
    // deno-lint-ignore no-console -- figures of docs/reliability.md
    console.info(
      `${READERS} readers: ${mib(before.rssBytes)} → ${mib(full.rssBytes)} → ${
        mib(after.rssBytes)
      } MiB; a whole song in ${quickMs.toFixed(0)} ms before, at most ${
        slowest.toFixed(0)
      } ms meanwhile; ${samples} samples in ${
        seconds.toFixed(1)
      } s without a gap`,
    );
  },
});

Deno.test("peers that send or read one byte per second delay no other client", async () => {
  await using server = await TestServer.start();
  const { session: port } = server.ports;
  const file = await Deno.readFile(join(MUSIC, SONG));
  const steady = await SteadyListener.start(port, SONG, file);
  const before = await holdingOf(server);
  const over = new AbortController();
  const senders = Array.from({ length: 30 }, async () => {
    using conn = await connect(port);
    const said = await trickle(conn, hello("slow", 0), over.signal);
    assert.match(said, /"code":"timeout"/);
  });
  const readers = Array.from({ length: 30 }, async () => {
    using conn = await connect(port);
    await conn.write(hello("slow", GIB));
    await conn.write(encodeMessage({ type: "play", song: "canon in d" }));
    let bytes = 0;
    // On a busy machine the last senders may end before the first bytes arrive.
    while (!over.signal.aborted || bytes <= 3) {
      bytes += await conn.read(new Uint8Array(1)) ?? 0;
      await pause(1000, over.signal);
    }
    assert.ok(bytes > 3, `${bytes} bytes in all`);
  });
  await Promise.all(senders); // each is disconnected after 5 s without a hello
  over.abort();
  await Promise.all(readers);
  const { samples, seconds } = steady.end();
  const { rssBytes } = await untilHolding(server, (now) => now.clients === 0);
  // deno-lint-ignore no-console -- figures of docs/reliability.md
  console.info(
    `a byte a second, 30 senders and 30 readers: ${samples} samples in ${
      seconds.toFixed(1)
    } s without a gap, ${mib(rssBytes - before.rssBytes)} MiB more`,
  );
});

/** Sends one byte per second until the server closes the connection. */
async function trickle(
  conn: Deno.TcpConn,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<string> {
  let over = false;
  const said = new Response(conn.readable).text().finally(() => over = true);
  for (let at = 0; at < bytes.length && !over; at++) {
    const writer = conn.writable.getWriter();
    await writer.write(bytes.subarray(at, at + 1)).catch(() => {});
    writer.releaseLock();
    await Promise.race([said, pause(1000, signal)]);
  }
  return await said;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}

function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
