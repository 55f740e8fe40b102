import assert from "node:assert/strict";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { NatsServer, needsNats } from "../support/nats.ts";

const BUCKET = "KV_ondacast_home";
/** The library notices it after 10 s at first, and after a minute later on. */
const MOST_MS = 6_000;

Deno.test({
  name: "a watch whose feed has died is begun again, and misses nothing",
  ...needsNats,
  async fn() {
    await using nats = await NatsServer.start();
    const bus = await openNatsBus({
      ...{ urls: [nats.url], cluster: "home", place: "attic" },
      ...{ clock: systemClock, trouble: () => {} },
    }, new AbortController().signal);
    const seen = new Map<string, string | null>();
    let completes = 0;
    let changed = Promise.withResolvers<void>();
    bus.watch({
      begin() {},
      record(key, value) {
        seen.set(key, value && new TextDecoder().decode(value));
        changed.resolve();
      },
      complete() {
        completes++;
        changed.resolve();
      },
    });
    const until = async (isRight: () => boolean) => {
      while (!isRight()) {
        await changed.promise;
        changed = Promise.withResolvers();
      }
    };
    const put = (text: string) =>
      bus.put("node.attic", new TextEncoder().encode(text));
    await until(() => completes === 1);
    await put("before");
    await until(() => seen.get("node.attic") === "before");
    const connection = await connect({ servers: nats.url });
    const manager = await jetstreamManager(connection);
    for await (const { name } of manager.consumers.list(BUCKET)) {
      await manager.consumers.delete(BUCKET, name);
    }
    await put("after");
    const startMs = performance.now();
    await until(() => seen.get("node.attic") === "after" && completes === 2);
    assert.ok(performance.now() - startMs < MOST_MS);
    await connection.close();
    await bus.close();
  },
});
