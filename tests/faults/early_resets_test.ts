import assert from "node:assert/strict";
import net from "node:net";
import { askRaw } from "../support/http_request.ts";
import { MUSIC, TestServer } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";

/** Connections to each port; a pause of 100 ms for each would take 10 s. */
const RESETS = 100;
const MOST_MS = 3_000;

Deno.test({
  name: "connections reset before they are accepted delay no other client",
  // Needs to suspend the server, and to reset connections, unlike Deno 2.6.
  ignore: Deno.build.os === "windows" ||
    !("resetAndDestroy" in net.Socket.prototype),
  // Deno does not close the resources of destroyed Node sockets at once.
  sanitizeResources: false,
  async fn() {
    await using server = await TestServer.start(["--music", MUSIC]);
    const { pid } = server.program.child;
    const { session, stream, http } = server.ports;
    Deno.kill(pid, "SIGSTOP");
    try {
      for (const port of [session, stream, http]) await connectAndReset(port);
    } finally {
      Deno.kill(pid, "SIGCONT");
    }
    const beganMs = performance.now();
    const [listener, conn, answer] = await Promise.all([
      openSession(session),
      Deno.connect({ hostname: "127.0.0.1", port: stream }),
      askRaw(http, { path: "/healthz" }),
    ]);
    assert.equal(await conn.read(new Uint8Array(4)), 4);
    assert.equal(answer.status, 200);
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < MOST_MS, `the next ones waited ${tookMs} ms`);
    conn.close();
    listener.close();
  },
});

async function connectAndReset(port: number): Promise<void> {
  for (let i = 0; i < RESETS; i++) {
    const socket = net.connect(port, "127.0.0.1");
    await new Promise((resolve, reject) =>
      socket.once("connect", resolve).once("error", reject)
    );
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.resetAndDestroy();
    await closed;
  }
}
