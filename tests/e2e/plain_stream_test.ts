import assert from "node:assert/strict";
import { concat } from "@std/bytes/concat";
import { join } from "@std/path";
import { writeAll } from "../../lib/write_all.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { lacks } from "../support/coded_songs.ts";
import { CD, wavFile } from "../support/memory_songs.ts";
import {
  MUSIC,
  runClient,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { untilListed } from "../support/sessions.ts";

const CANON = join(MUSIC, "Canon in D.wav");

Deno.test("the plain stream is the exact file, in blocks of 8 KiB", async () => {
  await using server = await TestServer.start();
  await untilListed(server.ports.session, 3);
  const { blocks, rest } = await readBlocks(server.ports.stream);
  const file = await Deno.readFile(CANON);
  assert.deepEqual(concat(blocks), file);
  assert.equal(rest, 0);
  const sizes = blocks.map((block) => block.length);
  assert.ok(sizes.slice(0, -1).every((size) => size === 8192));
  assert.equal(sizes.at(-1), file.length % 8192);
});

for (
  const [block, bytes] of [["512", 512], ["1000", 1000], ["1MiB", 1 << 20], [
    "2s",
    2 * 44100 * 4,
  ], ["30s", 30 * 44100 * 4]] as const
) {
  Deno.test(`--block ${block} sends blocks of ${bytes} bytes`, async () => {
    await using server = await TestServer.start(["--block", block]);
    await untilListed(server.ports.session, 3);
    const { blocks } = await readBlocks(server.ports.stream);
    const file = await Deno.readFile(CANON);
    assert.deepEqual(concat(blocks), file);
    assert.ok(blocks.slice(0, -1).every((block) => block.length === bytes));
  });
}

Deno.test("--stream-song chooses what the plain stream sends", async () => {
  await using server = await TestServer.start(["--stream-song", "ode to joy"]);
  const { blocks } = await readBlocks(server.ports.stream);
  assert.deepEqual(
    concat(blocks),
    await Deno.readFile(join(MUSIC, "Ode to Joy.wav")),
  );
});

Deno.test("--loop sends one header and then the PCM repeatedly, in blocks of one size", async () => {
  await using server = await TestServer.start([
    ...["--loop", "--stream-song", "ode"],
  ]);
  const pcm = (await Deno.readFile(join(MUSIC, "Ode to Joy.wav"))).subarray(44);
  const { blocks } = await readBlocks(server.ports.stream, 3 * pcm.length);
  assert.ok(blocks.every(({ length }) => length === 8192));
  const header = concat(blocks).subarray(0, 44);
  assert.equal(new TextDecoder().decode(header.subarray(0, 4)), "RIFF");
  const sent = concat(blocks).subarray(44);
  for (let at = 0; at + pcm.length <= sent.length; at += pcm.length) {
    assertBytes(sent.subarray(at, at + pcm.length), pcm);
  }
  assert.ok(sent.length >= 2 * pcm.length);
});

Deno.test(
  "--stream-song takes an album, whose FLAC files are one WAV without a gap",
  {
    ignore: lacks("ffmpeg"),
  },
  async () => {
    await using folder = await TempFolder.make();
    const pcm = (await Deno.readFile(CANON)).subarray(44, 44 + 4 * 100_000);
    const half = pcm.length / 2;
    const parts = [pcm.subarray(0, half), pcm.subarray(half)];
    await Deno.mkdir(folder.file("music"));
    for (const [i, part] of parts.entries()) {
      const wav = folder.file(`${i}.wav`);
      await Deno.writeFile(wav, wavFile(CD, part));
      const { success } = await new Deno.Command("ffmpeg", {
        args: [
          ...["-v", "error", "-i", wav, "-metadata", "album=Canons"],
          ...["-metadata", `track=${i + 1}`, folder.file(`music/${i}.flac`)],
        ],
      }).output();
      assert.ok(success);
    }
    await using server = await TestServer.start([
      ...["--music", folder.file("music"), "--stream-song", "album:Canons"],
    ]);
    const { blocks, rest } = await readBlocks(server.ports.stream);
    assertBytes(concat(blocks).subarray(44), pcm);
    assert.equal(rest, 0);
  },
);

Deno.test("--stream-song takes a room, and sends what is cast there", async () => {
  await using server = await TestServer.start([
    "--stream-song",
    "group:kitchen",
  ]);
  const at = ["--server", server.address];
  await using receiver = startClient([
    ...["receive", "--name", "kitchen", "--player", "null", ...at],
  ]);
  await receiver.printed(/^waiting for songs/m);
  using conn = await Deno.connect({
    ...{ hostname: "127.0.0.1", port: server.ports.stream },
  });
  await using cast = startClient([
    ...["cast", "ode to joy", "--to", "kitchen", ...at],
  ]);
  await cast.printed(/^playing on kitchen/m);
  let bytes = 0;
  while (true) {
    const header = await readExactly(conn, 4);
    const block = await readExactly(
      conn,
      new DataView(header.buffer).getUint32(0),
    );
    bytes += block.length;
    // Its WAV header, then silence until the song sounds.
    if (bytes > 8192 && block.some((it) => it !== 0)) break;
  }
});

Deno.test("ondacast stream plays a server's plain stream bit for bit", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  const { code } = await stream(server.ports.stream, folder.file("out.wav"));
  assert.equal(code, 0);
  assert.deepEqual(
    await Deno.readFile(folder.file("out.wav")),
    await Deno.readFile(CANON),
  );
});

for (
  const [what, lengths] of [
    ["single bytes", [1]],
    ["odd sizes", [1, 4095, 70_001]],
    ["one block of more than 16 MiB", [17_000_000]],
  ] as const
) {
  Deno.test(`ondacast stream plays another program's stream of ${what}`, async () => {
    await using folder = await TempFolder.make();
    const file = what.includes("16 MiB")
      ? bigWav()
      : (await Deno.readFile(CANON)).slice(0, 300_044);
    using sender = sendOnce((conn) =>
      sendBlocks(conn, file, [...lengths], true)
    );
    const path = folder.file("out.wav");
    const { code } = await stream(sender.port, path);
    assert.equal(code, 0);
    assert.deepEqual(
      (await Deno.readFile(path)).subarray(44),
      file.subarray(44, 44 + wholeFrames(file.length - 44)),
    );
  });
}

Deno.test("ondacast stream treats the sender's close as the end", async () => {
  await using folder = await TempFolder.make();
  const file = await Deno.readFile(CANON);
  using sender = sendOnce((conn) => sendBlocks(conn, file, [8192], false));
  const { code } = await stream(sender.port, folder.file("out.wav"));
  assert.equal(code, 0);
});

Deno.test("ondacast stream plays a stream truncated inside a block up to there, then reports it", async () => {
  await using folder = await TempFolder.make();
  const file = await Deno.readFile(CANON);
  using sender = sendOnce(async (conn) => {
    const framed = new Uint8Array(100_000);
    new DataView(framed.buffer).setUint32(0, file.length);
    framed.set(file.subarray(0, framed.length - 4), 4);
    await writeAll(conn, framed);
  });
  const path = folder.file("out.wav");
  const { code, stderr } = await stream(sender.port, path);
  assert.equal(code, 1);
  assert.match(stderr, /inside a block.* \(lost\)$/m);
  const { size } = await Deno.stat(path);
  assert.equal(size, 100_000 - 4);
});

Deno.test("ondacast stream describes data that is no WAV file", async () => {
  using sender = sendOnce((conn) =>
    sendBlocks(conn, new TextEncoder().encode("fLaC".repeat(50)), [64], true)
  );
  const client = startClient([
    ...["stream", `127.0.0.1:${sender.port}`, "--player", "null:fast"],
  ]);
  await using _ = client;
  const { code, stderr } = await client.ended();
  assert.equal(code, 1);
  assert.match(stderr, /FLAC.* \(not-wav\)$/m);
});

async function stream(port: number, path: string) {
  return await runClient([
    ...["stream", `127.0.0.1:${port}`, "--player", `file:${path}`],
  ]);
}

/** Reads a stream knowing only lengths and bytes. */
async function readBlocks(
  port: number,
  enoughBytes = Infinity,
): Promise<{ blocks: Uint8Array[]; rest: number }> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const blocks: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < enoughBytes) {
    const header = await readExactly(conn, 4);
    const length = new DataView(header.buffer).getUint32(0);
    if (length === 0) break;
    blocks.push(await readExactly(conn, length));
    bytes += length;
  }
  const rest = enoughBytes === Infinity
    ? (await conn.read(new Uint8Array(1))) ?? 0
    : 0;
  return { blocks, rest };
}

async function readExactly(conn: Deno.Conn, length: number) {
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const some = await conn.read(bytes.subarray(filled));
    if (some === null) throw new Error(`ended after ${filled} of ${length}`);
    filled += some;
  }
  return bytes;
}

/** A listener that serves only its first connection. */
function sendOnce(send: (conn: Deno.Conn) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    using conn = await listener.accept();
    await send(conn);
  })().catch(() => {}); // The receiver may close first, which its test checks.
  return {
    port: listener.addr.port,
    [Symbol.dispose]: () => listener.close(),
  };
}

async function sendBlocks(
  conn: Deno.Conn,
  bytes: Uint8Array,
  lengths: number[],
  endWithEmpty: boolean,
): Promise<void> {
  const framed: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const block = bytes.subarray(at, at + lengths[i % lengths.length]);
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, block.length);
    framed.push(header, block);
    at += block.length;
  }
  if (endWithEmpty) framed.push(new Uint8Array(4));
  await writeAll(conn, concat(framed));
}

function bigWav(): Uint8Array {
  const bytes = new Uint8Array(17_000_044);
  bytes.set(canonHeader());
  const view = new DataView(bytes.buffer);
  view.setUint32(4, bytes.length - 8, true);
  view.setUint32(40, bytes.length - 44, true);
  for (let i = 44; i < bytes.length; i++) bytes[i] = i * 7 >> 3;
  return bytes;
}

function canonHeader(): Uint8Array {
  return Deno.readFileSync(CANON).subarray(0, 44);
}

function wholeFrames(bytes: number): number {
  return bytes - bytes % 4;
}
