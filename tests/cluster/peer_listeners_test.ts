import assert from "node:assert/strict";
import { GroupDevice } from "../support/group_device.ts";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const TIMES = 40;
/** What a connection has, whatever is asked over it. */
const FEW = 10;

/** Counts what listens to each signal. */
function countListeners() {
  const listening = new Map<AbortSignal, number>();
  const { prototype } = AbortSignal;
  const { addEventListener, removeEventListener } = prototype;
  const before = Object.getOwnPropertyDescriptors(prototype);
  const count = (signal: AbortSignal, by: number) =>
    void listening.set(signal, (listening.get(signal) ?? 0) + by);
  prototype.addEventListener = function (...given: unknown[]) {
    count(this, 1);
    Reflect.apply(addEventListener, this, given);
  };
  prototype.removeEventListener = function (...given: unknown[]) {
    count(this, -1);
    Reflect.apply(removeEventListener, this, given);
  };
  return {
    most: () => Math.max(...listening.values()),
    [Symbol.dispose]() {
      for (const name of ["addEventListener", "removeEventListener"]) {
        const its = before[name as "addEventListener"];
        if (its) Object.defineProperty(prototype, name, its);
        else Reflect.deleteProperty(prototype, name);
      }
    },
  };
}

Deno.test("requests to another server, and parts of its songs, leave nothing behind at the connections", async () => {
  using listeners = countListeners();
  const all = await MemoryCluster.start({
    attic: { "a.wav": wavFile(PHONE, noise(TIMES * 1_000)) },
    cellar: {},
  });
  const [attic, cellar] = [all.node("attic"), all.node("cellar")];
  const x = await GroupDevice.open(attic.server, "x");
  await all.run([x], 1_000);
  const ask = await cellar.client();
  for (let i = 0; i < TIMES; i++) {
    const { type } = await ask({
      ...{ type: "control", to: "x", action: "volume", value: i },
    });
    assert.equal(type, "controlled");
  }
  const { songs } = cellar.cluster;
  const song = await songs.open(songs.get("a.wav")!);
  const part = new Uint8Array(1_000);
  for (let i = 0; i < TIMES; i++) {
    await all.clock.runUntil(song.read(part, i * part.length));
  }
  song.close();
  assert.ok(listeners.most() < FEW, `${listeners.most()}`);
});
