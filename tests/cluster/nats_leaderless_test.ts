import assert from "node:assert/strict";
import { jetstreamManager } from "@nats-io/jetstream";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { bucketInfo, connectNats } from "../../lib/cluster/nats_connection.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { within } from "../../lib/model/within.ts";
import { needsNats, startThreeNats } from "../support/nats.ts";
import { SlowProxy } from "../support/slow_proxy.ts";

const MOST_MS = 5_000;

Deno.test({
  name:
    "a server that is back learns what was written meanwhile from the one NATS server of three that is left",
  ignore: needsNats.ignore,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const nats = await startThreeNats(["--no_advertise"]);
    for (const it of nats) stack.use(it);
    const proxy = stack.use(new SlowProxy(nats[2].port));
    const closing = new AbortController();
    const open = async (place: string, address: string) => {
      const bus = await openNatsBus({
        ...{ urls: [`nats://${address}`], cluster: "home", place },
        ...{ clock: systemClock, trouble: () => {} },
      }, closing.signal);
      stack.defer(() => bus.close());
      return bus;
    };
    const writer = await open("attic", `127.0.0.1:${nats[0].port}`);
    const watcher = await open("cellar", proxy.address);
    const seen = new Map<string, string | null>();
    let { promise, resolve } = Promise.withResolvers<void>();
    watcher.watch({
      begin() {},
      record(key, value) {
        seen.set(key, value && new TextDecoder().decode(value));
        resolve();
        ({ promise, resolve } = Promise.withResolvers<void>());
      },
      complete() {},
    });
    const becomes = async (key: string, value: string | null) => {
      while (seen.get(key) !== value) await promise;
    };
    const put = (key: string, value: string | null) =>
      writer.put(key, value === null ? null : new TextEncoder().encode(value));
    await put("device.attic.kept", "before");
    await put("device.attic.gone", "before");
    await becomes("device.attic.gone", "before");

    proxy.isCut = true;
    await put("device.attic.kept", "after");
    await put("device.attic.gone", null);
    await letAllHaveAll(nats[0].url);
    await Promise.all([nats[0].kill(), nats[1].kill()]);
    proxy.isCut = false;
    const told = (async () => {
      await becomes("device.attic.kept", "after");
      await becomes("device.attic.gone", null);
      return true;
    })();
    assert.ok(await within(systemClock, MOST_MS, told), "it is not told");
    closing.abort();
  },
});

/** Waits until each NATS server has all records, and lets them end all watches. */
async function letAllHaveAll(url: string): Promise<void> {
  const connection = await connectNats({ urls: [url] }, {});
  const { consumers } = await jetstreamManager(connection);
  for await (const { name } of consumers.list("KV_ondacast_home")) {
    await consumers.delete("KV_ondacast_home", name);
  }
  while (true) {
    const { cluster } = await bucketInfo(connection, "ondacast_home");
    const isWhole = cluster!.replicas!.every((it) => it.current && !it.lag);
    if (isWhole) break;
  }
  await connection.close();
}
