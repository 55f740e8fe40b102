import assert from "node:assert/strict";
import { castTo, controlAll } from "../../lib/server/cast.ts";
import type { Receiver } from "../../lib/server/receiver.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

/** A receiver that no session of this server serves. */
class NotingReceiver implements Receiver {
  readonly noted: unknown[] = [];

  cast(...[song, cast]: Parameters<Receiver["cast"]>): void {
    this.noted.push([song.entry.name, cast]);
    song.close();
  }

  control(...control: Parameters<Receiver["control"]>): void {
    this.noted.push(control);
  }

  stop(error: Error): Promise<void> {
    this.noted.push(error.message);
    return Promise.resolve();
  }
}

function setUp() {
  const server = new MemoryServer();
  const link = new NotingReceiver();
  const client = {
    key: "k",
    id: "192.0.2.7:4711",
    name: "kitchen",
    receiving: true,
    activity: { doing: "waiting" as const },
    activityAtMs: 0,
    link,
  };
  server.hub.presence.join(client);
  const entry = server.songs.add("a.wav", wavFile(PHONE, noise(100)));
  return { server, client, link, entry };
}

Deno.test("castTo() and controlAll() reach whatever receives, without a session", async () => {
  const { server: { hub }, link, entry } = setUp();
  const to = ["kitchen"];
  const reached = { to: ["k"], refused: [] };
  assert.deepEqual(await castTo(hub, { entry, to, from: 2, by: "x" }), reached);
  const control = { to, action: "volume", value: 30, by: "x" } as const;
  assert.deepEqual(await controlAll(hub, control), reached);
  assert.deepEqual(link.noted, [
    ["a.wav", { from: 2, by: "x" }],
    ["volume", { value: 30, by: "x" }],
  ]);
});

Deno.test("castTo() closes the song when its receiver goes while it is opened", async () => {
  const { server, client, link, entry } = setUp();
  const casting = castTo(server.hub, { entry, to: ["k"], by: "x" });
  server.hub.presence.leave(client);
  await assert.rejects(casting, { code: "not-found" });
  assert.deepEqual(link.noted, []);
  assert.equal(server.songs.openCount, 0);
});
