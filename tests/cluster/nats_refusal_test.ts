import assert from "node:assert/strict";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { NatsServer, needsNats } from "../support/nats.ts";

/** What a server is told, in its order. */
function news() {
  const told: (string | null)[] = [];
  let changed = Promise.withResolvers<void>();
  return {
    tell(reason: string | null) {
      told.push(reason);
      changed.resolve();
    },
    async until(isRight: (told: readonly (string | null)[]) => boolean) {
      while (!isRight(told)) {
        await changed.promise;
        changed = Promise.withResolvers();
      }
    },
  };
}

/** A connection that was reset after it was given up is told of, too, by Deno. */
function ignoreResets() {
  const ignore = (event: ErrorEvent) => {
    if (/ECONNRESET/.test(event.message)) event.preventDefault();
  };
  addEventListener("error", ignore);
  return { [Symbol.dispose]: () => removeEventListener("error", ignore) };
}

const account = (name: string, password: string) => [
  ...["--user", name, "--pass", password],
];

Deno.test({
  name:
    "a server is back once NATS lets it in again, however often it was refused",
  ...needsNats,
  async fn() {
    using _resets = ignoreResets();
    await using nats = await NatsServer.start(account("home", "right"));
    const { tell, until } = news();
    const bus = await openNatsBus({
      urls: [nats.url.replace("//", "//home:right@")],
      ...{ cluster: "home", place: "attic", clock: systemClock, trouble: tell },
    }, new AbortController().signal);
    let beats = 0;
    let beaten = Promise.withResolvers<void>();
    bus.hear(() => {
      beats++;
      beaten.resolve();
    });
    bus.beat(new Uint8Array([1]));
    await beaten.promise;
    await nats.kill();
    const isRefusal = (it: string | null) => /refuses the user/.test(it ?? "");
    {
      await using _other = await NatsServer.start([
        ...["-p", `${nats.port}`, ...account("home", "other")],
      ]);
      await until((told) => told.filter(isRefusal).length > 4);
    }
    await nats.startAgain();
    await until((told) => told.at(-1) === null);
    beaten = Promise.withResolvers();
    bus.beat(new Uint8Array([1]));
    await beaten.promise;
    assert.equal(beats, 2);
    await bus.close();
  },
});

Deno.test({
  name: "a server whose user in NATS is of another one is told so",
  ...needsNats,
  async fn() {
    const config = await Deno.makeTempFile();
    await Deno.writeTextFile(
      config,
      `authorization { users: [ { user: cellar, password: p, permissions: {
        publish: ["ondacast.home.beat.cellar", "$KV.>", "$JS.>"]
        subscribe: [">"] } } ] }`,
    );
    await using nats = await NatsServer.start(["--config", config]);
    const { tell, until } = news();
    const bus = await openNatsBus({
      urls: [nats.url.replace("//", "//cellar:p@")],
      ...{ cluster: "home", place: "attic", clock: systemClock, trouble: tell },
    }, new AbortController().signal);
    bus.beat(new Uint8Array([1]));
    await until((told) => /of another --node/.test(told.at(-1) ?? ""));
    await bus.close();
    await Deno.remove(config);
  },
});
