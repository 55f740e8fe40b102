import assert from "node:assert/strict";
import { startClient, TempFolder, TestServer } from "../support/programs.ts";
import { SlowProxy } from "../support/slow_proxy.ts";
import { seen } from "../support/seen.ts";
import { openSession } from "../support/sessions.ts";

Deno.test("CD audio plays without an underrun over 300 KB/s with 200 ms of delay", async () => {
  await using server = await TestServer.start();
  using proxy = new SlowProxy(server.ports.session, {
    bytesPerSecond: 300_000,
    delayMs: 100,
  });
  await using client = startClient([
    ...["play", "canon", "--from", "0:04", "--player", "null", "--json"],
    ...["--server", proxy.address],
  ]);
  const { code, stdout } = await client.ended();
  assert.equal(code, 0);
  const end = JSON.parse(stdout.trim().split("\n").at(-1)!);
  assert.equal(end.underruns, 0);
});

Deno.test("when the network falls silent, the client is removed within 21 s and reconnects", async () => {
  await using server = await TestServer.start();
  await using folder = await TempFolder.make();
  using proxy = new SlowProxy(server.ports.session);
  await using kitchen = startClient([
    ...["receive", "--name", "kitchen", "--json", "--cache-dir", folder.path],
    ...["--player", "null:fast", "--server", proxy.address],
  ]);
  await kitchen.printed(/"event":"waiting"/);
  const watcher = await openSession(server.ports.session);
  const news: { total: number; ms: number }[] = [];
  watcher.listen({
    online: ({ total }) => {
      news.push({ total, ms: performance.now() });
    },
  });
  await watcher.request({ type: "online", watch: true });
  const silentMs = performance.now();
  proxy.fallSilent();
  // The client gives up the connection in the same time, and reconnects with
  // its device: it was removed before, or the new connection replaces it.
  await kitchen.printed(/"event":"waiting"[\s\S]*"event":"waiting"/);
  assert.ok(performance.now() - silentMs < 25_000);
  await seen("news of the others", () => news, ({ length }) => length > 0);
  assert.ok(news[0].ms - silentMs < 22_000);
  const { clients } = await watcher.request({ type: "online" });
  assert.equal(clients.filter(({ name }) => name === "kitchen").length, 1);
  watcher.close();
});
