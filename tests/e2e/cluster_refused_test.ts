import assert from "node:assert/strict";
import { ClusterWorld, until } from "../support/cluster_world.ts";
import { NatsServer, needsNats } from "../support/nats.ts";

/** Some attempts end while the connection is reset. */
const ATTEMPTS = 8;

Deno.test({
  name:
    "a server that NATS refuses says so in one line, however often it tries",
  ...needsNats,
  async fn() {
    await using world = await ClusterWorld.start([
      await NatsServer.start(["--user", "home", "--pass", "right"]),
    ]);
    const url = world.nats[0].url.replace("//", "//home:wrong@");
    const attic = await world.server("attic", {}, [], [url]);
    await attic.program.printed(/NATS refuses the user/, "stderr");
    // Of NATS itself, which counts them.
    await until(
      () =>
        Promise.resolve(world.nats[0].printed.split("authentication error")),
      (parts) => parts.length > ATTEMPTS,
    );
    assert.equal(attic.program.stderr.split("NATS refuses").length, 2);
    assert.doesNotMatch(attic.program.stderr, /unhandled/);
  },
});
