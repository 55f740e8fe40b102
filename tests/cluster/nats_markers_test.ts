import assert from "node:assert/strict";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { NatsServer, needsNats } from "../support/nats.ts";

Deno.test({
  name:
    "all records come once the markers of those that were deleted last are removed",
  ...needsNats,
  async fn() {
    await using nats = await NatsServer.start();
    const open = () =>
      openNatsBus({
        ...{ urls: [nats.url], cluster: "home", place: "attic" },
        ...{ clock: systemClock, trouble: () => {} },
      }, new AbortController().signal);
    const before = await open();
    const value = new TextEncoder().encode("{}");
    for (const id of ["a", "b"]) await before.put(`device.attic.${id}`, value);
    await before.put("device.attic.b", null);
    await before.close();
    // As `nats kv compact` does.
    const connection = await connect({ servers: nats.url });
    const { streams } = await jetstreamManager(connection);
    const { purged } = await streams.purge("KV_ondacast_home", {
      filter: "$KV.ondacast_home.device.attic.b",
    });
    assert.equal(purged, 1);
    await connection.close();

    const bus = await open();
    const keys: string[] = [];
    let begins = 0;
    const { promise: isComplete, resolve } = Promise.withResolvers<boolean>();
    const watching = bus.watch({
      begin: () => {
        // It began again before all had come.
        if (++begins > 1) resolve(false);
      },
      record: (key) => keys.push(key),
      complete: () => resolve(true),
    });
    assert.equal(await isComplete, true);
    assert.deepEqual(keys, ["device.attic.a"]);
    // What is written next comes, and the watch does not begin again.
    await bus.put("device.attic.c", value);
    await bus.close();
    await watching;
  },
});
