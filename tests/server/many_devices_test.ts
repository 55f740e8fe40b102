import assert from "node:assert/strict";
import type { Turns } from "../../lib/ports/server.ts";
import { settle } from "../support/fake_clock.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import type { Message } from "../support/raw_peer.ts";

const NAMES = ["a", "b", "c", "d", "e"];

/** Counts what asks for a turn, and holds the one that the test says. */
class HeldTurns implements Turns {
  asked = 0;
  heldAt = Infinity;
  held: PromiseWithResolvers<void> | null = null;

  next(): Promise<void> | null {
    if (this.asked++ !== this.heldAt) return null;
    this.held = Promise.withResolvers();
    return this.held.promise;
  }
}

/** A server with devices, and a person who commands all of them. */
async function household(features: string[] = ["groups"]) {
  const turns = new HeldTurns();
  const server = new MemoryServer({ turns, maxClients: 20 });
  server.songs.add("a.wav", wavFile(PHONE, noise(9_000, 1)));
  const connect = (name: string, receive: boolean) =>
    server.connectWelcomed({
      hello: { name, device: `device ${name}`, receive, features },
    });
  const devices = [];
  for (const name of NAMES) devices.push(await connect(name, true));
  const { peer } = await connect("person", false);
  return { turns, devices, peer };
}

const REQUESTS: readonly Message[] = [
  { type: "cast", song: "a", to: NAMES, together: false },
  { type: "cast", song: "a", to: NAMES },
  { type: "queue", songs: ["a"], to: NAMES },
  { type: "control", action: "stop", to: NAMES },
  { type: "control", action: "volume", value: 5, to: NAMES },
  { type: "group", devices: NAMES },
  { type: "ungroup", devices: NAMES },
];

for (const request of REQUESTS) {
  const { type, action = "", together } = request;
  const what = `${type} ${action}${together === false ? "apart" : ""}`.trim();

  Deno.test(`${what} of several devices lets others have a turn at each`, async () => {
    const { turns, peer } = await household();
    const before = turns.asked;
    await peer.send({ ...request, id: 1 });
    await settle();
    assert.ok(peer.messages().some(({ re }) => re === 1));
    // Those of a group are acted on together.
    const each = together === false || ["control", "ungroup"].includes(type)
      ? 2
      : 1;
    const asked = turns.asked - before;
    assert.ok(asked >= each * NAMES.length, `${asked}`);
  });

  Deno.test(`${what} reaches the others when a device leaves at any turn of it`, async () => {
    for (let heldAt = 0;; heldAt++) {
      const { turns, devices, peer } = await household();
      turns.heldAt = turns.asked + heldAt;
      await peer.send({ ...request, id: 1 });
      await settle();
      const { held } = turns;
      if (held === null) break;
      await devices[2].client.close();
      await devices[2].ended;
      held.resolve();
      await settle();
      const answer = peer.messages().find(({ re }) => re === 1);
      assert.ok(answer, `no answer after turn ${heldAt}`);
      assert.notEqual(answer.type, "error", JSON.stringify(answer));
      const refused = (answer.refused ?? []) as { to: string; code: string }[];
      for (const { to, code } of refused) {
        assert.deepEqual([to, code], ["c", "not-found"]);
      }
    }
  });
}
