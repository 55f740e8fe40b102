import assert from "node:assert/strict";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { Household, on } from "../support/household.ts";
import { NatsServer, needsNats } from "../support/nats.ts";

const PORT = 4222;
const ROUTE_PORT = 6222;
/** An election takes up to 9 s. */
const MOST_MS = 30_000;

/** The way from here to a machine, which is never cut. */
function wayTo(i: number): { dev: string; here: string; there: string } {
  const net = `10.79.${i}`;
  return {
    ...{ dev: `on${i}-${Deno.pid}`, here: `${net}.1`, there: `${net}.2` },
  };
}

Deno.test({
  name:
    "a server whose NATS server is cut off from the others goes on at one of them",
  ignore: needsNats.ignore || !Household.possible,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const house = stack.use(await Household.make(3));
    const { machines } = house;
    const routes = machines.map(({ address }) =>
      `nats://${address}:${ROUTE_PORT}`
    );
    await Promise.all(machines.map(async (machine, i) => {
      const { dev, ...way } = wayTo(i);
      await house.visit(machine, dev, way);
      stack.use(
        await NatsServer.start([
          ...["-a", "0.0.0.0", "-p", `${PORT}`, "--server_name", `nats-${i}`],
          ...["--cluster_name", "test", "--routes", routes.join()],
          ...["--cluster", `nats://0.0.0.0:${ROUTE_PORT}`],
          ...["--client_advertise", `${way.there}:${PORT}`],
        ], { under: on(machine) }),
      );
    }));
    const reasons: (string | null)[] = [];
    const bus = await openNatsBus({
      urls: [`nats://${wayTo(0).there}:${PORT}`],
      ...{ cluster: "home", place: "attic", clock: systemClock },
      trouble: (reason) => reasons.push(reason),
    }, new AbortController().signal);
    stack.defer(() => bus.close());
    const seen = new Map<string, string>();
    let { promise: changed, resolve: change } = Promise.withResolvers<void>();
    bus.watch({
      begin() {},
      record(key, value) {
        seen.set(key, new TextDecoder().decode(value ?? new Uint8Array()));
        change();
        ({ promise: changed, resolve: change } = Promise.withResolvers<void>());
      },
      complete() {},
    });
    const put = (text: string) =>
      bus.put("node.attic", new TextEncoder().encode(text));
    await put("before");
    await house.setPlugged(machines[0], "eth0", false);
    const startMs = performance.now();
    while (!await put("after").catch(() => null)) {
      assert.ok(performance.now() - startMs < MOST_MS, "it stays where it is");
      await systemClock.sleep(0);
    }
    while (seen.get("node.attic") !== "after") await changed;
    assert.ok(performance.now() - startMs < MOST_MS);
    assert.deepEqual(reasons.at(-1), null, "it is connected");
  },
});
