import assert from "node:assert/strict";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { NatsServer, needsNats } from "../support/nats.ts";

const ROUNDS = 10;

Deno.test({
  name: "records that are written while others are deleted reach all who watch",
  ignore: needsNats.ignore,
  async fn() {
    await using nats = await NatsServer.start();
    const closing = new AbortController();
    const open = (place: string) =>
      openNatsBus({
        ...{ urls: [nats.url], cluster: "home", place, clock: systemClock },
        trouble: () => {},
      }, closing.signal);
    const [writer, watcher] = [await open("attic"), await open("cellar")];
    const there = new Map<string, boolean>();
    let { promise: changed, resolve: change } = Promise.withResolvers<void>();
    const watching = watcher.watch({
      begin() {},
      record(key, value) {
        there.set(key, value !== null);
        change();
        ({ promise: changed, resolve: change } = Promise.withResolvers<void>());
      },
      complete() {},
    });
    const becomes = async (key: string, is: boolean) => {
      while ((there.get(key) ?? false) !== is) await changed;
    };
    const value = new TextEncoder().encode("{}");
    for (let i = 0; i < ROUNDS; i++) {
      const keys = ["a", "b", "c"].map((it) => `song.attic.${it}${i}`);
      const gone = `song.attic.gone${i}`;
      await writer.put(gone, value);
      await becomes(gone, true);
      await Promise.all([
        ...keys.map((key) => writer.put(key, value)),
        writer.put(gone, null),
      ]);
      for (const key of keys) await becomes(key, true);
      await becomes(gone, false);
    }
    assert.equal(there.values().filter(Boolean).toArray().length, 3 * ROUNDS);
    closing.abort();
    await writer.close();
    await watcher.close();
    await watching;
  },
});
