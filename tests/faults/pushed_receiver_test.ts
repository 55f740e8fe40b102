import assert from "node:assert/strict";
import { join } from "@std/path";
import { MUSIC, TempFolder, TestServer } from "../support/programs.ts";
import { messageFrame } from "../support/raw_peer.ts";
import { holdingOf } from "../support/server_watch.ts";
import { openSession } from "../support/sessions.ts";
import { OPCODE, RawWebSocket } from "../support/web_sockets.ts";

const PUSHERS = 3;
/** Requests of each pusher, and how many of them are pending at a time. */
const REQUESTS = { each: 6000, atOnce: 200 };
/**
 * One connection can hold less than 4 MiB (docs/limits.md); the rest is
 * garbage of the pushers' own answers.
 */
const MOST_GROWTH_BYTES = 64 * 2 ** 20;

const DEAF = messageFrame({
  ...{ type: "hello", version: 1, name: "deaf", receive: true, window: 0 },
  device: "00000000-0000-4000-8000-00000000dea0",
});

/** A connection that said hello and reads no data. */
const OVER: [string, (server: TestServer) => Promise<Disposable>][] = [
  ["TCP", async ({ ports }) => {
    const conn = await Deno.connect({
      ...{ hostname: "127.0.0.1", port: ports.session },
    });
    await conn.write(DEAF);
    return conn;
  }],
  ["a WebSocket", async ({ ports }) => {
    const socket = await RawWebSocket.open(ports.http);
    await socket.send(OPCODE.binary, DEAF);
    return socket;
  }],
];

/** Casts to the receiver and controls it, and reads its own answers. */
async function push(port: number, name: string): Promise<void> {
  const session = await openSession(port, { name });
  const to = ["deaf"];
  for (let sent = 0; sent < REQUESTS.each; sent += REQUESTS.atOnce) {
    await Promise.all(
      Array.from(
        { length: REQUESTS.atOnce },
        (_, i) =>
          i % 10 === 0
            ? session.request({ type: "cast", song: "a", to })
            : session.request({
              ...{ type: "control", to, action: "volume", value: i % 100 },
            }),
      ),
    );
  }
  session.close();
}

for (const [over, connect] of OVER) {
  Deno.test({
    name:
      `messages pushed to a receiver over ${over} that reads no data are bounded, and do not disconnect it`,
    ignore: Deno.build.os !== "linux", // measured by its /proc
    async fn() {
      await using folder = await TempFolder.make();
      await Deno.copyFile(join(MUSIC, "Ode to Joy.wav"), folder.file("a.wav"));
      await using server = await TestServer.start(["--music", folder.path]);
      const { session: port } = server.ports;
      using _deaf = await connect(server);
      await push(port, "warm-up");
      const before = await holdingOf(server);
      await Promise.all(
        Array.from({ length: PUSHERS }, (_, i) => push(port, `pusher ${i}`)),
      );
      const after = await holdingOf(server);
      const grown = after.rssBytes - before.rssBytes;
      assert.ok(grown <= MOST_GROWTH_BYTES, `${grown >> 20} MiB more`);
      assert.ok(after.clients >= 1, "the receiver was cut");
    },
  });
}
