import assert from "node:assert/strict";
import type { ClientSession } from "../../lib/client/client_session.ts";
import { ClusterWorld, untilAlive } from "../support/cluster_world.ts";
import { needsNats } from "../support/nats.ts";
import { runClient, startClient } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";

/** Sample frames of s16le stereo: each has its own number as its bytes. */
const RATE_HZ = 48_000;
const FRAME_BYTES = 4;
const STEP_MS = 20;
const SECONDS = 3;
/** More than at the server that has it. */
const MOST_MORE_MS = 30;

/** Sample frames that follow a number. */
function counted(from: number, frames: number): Uint8Array {
  const numbers = Uint32Array.from({ length: frames }, (_, i) => from + i);
  return new Uint8Array(numbers.buffer);
}

/** Hears a live song from now on. */
async function hear(session: ClientSession, song: string) {
  const heard: { frame: number; atMs: number }[] = [];
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  let bytes = 0;
  let first = -1;
  await session.openStream({ song }, (stream) => {
    const { offset, format } = stream.start;
    const head = Math.max(0, format.dataOffset - offset);
    first = Math.max(0, offset - format.dataOffset) / FRAME_BYTES;
    stream.listener = {
      data(piece) {
        bytes += piece.length;
        const frame = first + Math.floor((bytes - head) / FRAME_BYTES);
        heard.push({ frame, atMs: performance.now() });
        check(piece, bytes - head - piece.length);
        stream.used(piece.length);
      },
      end: resolve,
      stopped: ({ reason }) => reject(new Error(reason)),
      displaced() {},
    };
  });
  function check(piece: Uint8Array, at: number) {
    for (let i = Math.max(0, -at); i < piece.length; i += 997) {
      const frame = first + Math.floor((at + i) / FRAME_BYTES);
      const expected = frame >> (8 * ((at + i) % FRAME_BYTES)) & 255;
      if (piece[i] !== expected) reject(new Error(`wrong byte of ${frame}`));
    }
  }
  return { heard, ended };
}

Deno.test({
  name:
    "what one server is sent live is heard at another, hardly later, and to its end",
  ignore: needsNats.ignore,
  async fn() {
    await using world = await ClusterWorld.start();
    const [attic, cellar] = await Promise.all([
      world.server("attic"),
      world.server("cellar"),
    ]);
    await using stack = new AsyncDisposableStack();
    const open = async (port: number) => {
      const session = await openSession(port, { name: "me" });
      stack.defer(() => session.close());
      return session;
    };
    const here = await open(attic.ports.session);
    const there = await open(cellar.ports.session);
    await untilAlive(there, "attic");
    await using sender = startClient([
      ...["send", "-", "--format", "s16le:48000:2", "--as", "mic"],
      ...["--server", attic.address],
    ], { stdin: "piped" });
    const stdin = sender.child.stdin.getWriter();
    let sent = 0;
    const speak = async (ms: number) => {
      const beganMs = performance.now() - sent / RATE_HZ * 1000;
      for (const end = sent + ms / 1000 * RATE_HZ; sent < end;) {
        const frames = STEP_MS / 1000 * RATE_HZ;
        await stdin.write(counted(sent, frames));
        sent += frames;
        const aheadMs = sent / RATE_HZ * 1000 - (performance.now() - beganMs);
        await new Promise((go) => setTimeout(go, Math.max(0, aheadMs)));
      }
    };
    const speaking = speak(1_000);
    await sender.printed(/^sending live\/mic/m);
    await speaking;
    const { stdout } = await runClient([
      ...["list", "--json", "--server", cellar.address],
    ]);
    const [{ name, live, node }] = JSON.parse(stdout);
    assert.deepEqual([name, live, node], ["live/mic", true, "attic"]);
    const [near, far] = await Promise.all([
      hear(here, "live/mic"),
      hear(there, "live/mic"),
    ]);
    await speak(SECONDS * 1000);
    await stdin.close();
    assert.equal((await sender.ended()).code, 0);
    await Promise.all([near.ended, far.ended]);
    assert.equal(near.heard.at(-1)!.frame, sent);
    assert.equal(far.heard.at(-1)!.frame, sent);
    const laterMs = far.heard.slice(5).map(({ frame, atMs }) =>
      atMs - near.heard.find((it) => it.frame >= frame)!.atMs
    ).sort((a, b) => a - b);
    const median = laterMs[laterMs.length >> 1];
    const p95 = laterMs[Math.floor(laterMs.length * 0.95)];
    // deno-lint-ignore no-console
    console.log(`  ms later: median ${median}, p95 ${p95}`);
    assert.ok(median < MOST_MORE_MS, `${median} ms`);
  },
});
