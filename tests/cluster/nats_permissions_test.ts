import assert from "node:assert/strict";
import { connect } from "@nats-io/transport-node";
import { fromFileUrl } from "@std/path";
import { openNatsBus } from "../../lib/cluster/nats_bus.ts";
import { systemClock } from "../../lib/io/clock/clock.ts";
import { NatsServer, needsNats } from "../support/nats.ts";

const CONFIG = fromFileUrl(
  new URL("../../packaging/container/nats.conf", import.meta.url),
);
const PASSWORDS = {
  ATTIC_PASSWORD: "one",
  CELLAR_PASSWORD: "two",
  SHED_PASSWORD: "three",
};
const VALUE = new TextEncoder().encode("{}");

Deno.test({
  name: "by the shipped permissions, a server writes its own records only",
  ...needsNats,
  async fn() {
    await using nats = await NatsServer.start(["--config", CONFIG], {
      env: PASSWORDS,
    });
    const servers = nats.url.replace("nats://", "nats://attic:one@");
    const closing = new AbortController();
    const bus = await openNatsBus({
      ...{ urls: [servers], cluster: "home", place: "attic" },
      ...{ clock: systemClock, trouble: () => {} },
    }, closing.signal);
    const seen = new Map<string, string>();
    bus.watch({
      begin: () => {},
      record: (key, value) =>
        void seen.set(key, new TextDecoder().decode(value ?? undefined)),
      complete: () => {},
    });
    for (const key of ["node.attic", "device.attic.k"]) {
      assert.ok(await bus.put(key, VALUE) > 0, key);
    }
    assert.ok(await bus.swap("owner.g", VALUE, 0));
    assert.equal(await bus.swap("owner.g", VALUE, 0), null);
    await bus.queues.put("g.page", VALUE);
    const { value, revision } = await bus.queues.get("g.page");
    assert.deepEqual(value, VALUE);
    assert.deepEqual(await bus.queues.keys("g"), ["g.page"]);
    assert.equal(await bus.queues.swap("g.page", null, revision), 0);
    assert.equal((await bus.queues.get("g.page")).value, null);
    const raw = await connect({
      ...{ servers: nats.url, user: "attic", pass: "one" },
      reconnect: false,
    });
    // By which it knows that it has all of them.
    const latest = await raw.request(
      "$JS.API.STREAM.MSG.GET.KV_ondacast_home",
      JSON.stringify({ last_by_subj: "$KV.ondacast_home.>" }),
    );
    assert.match(latest.string(), /"subject":"\$KV.ondacast_home.owner.g"/);
    const refused: string[] = [];
    const refusals = (async () => {
      for await (const status of raw.status()) {
        if (status.type === "error") refused.push(`${status.error.message}`);
        if (refused.length === FORBIDDEN.length) break;
      }
    })();
    for (const subject of FORBIDDEN) raw.publish(subject, VALUE);
    await refusals;
    for (const subject of FORBIDDEN) {
      assert.ok(refused.some((it) => it.includes(`"${subject}"`)), subject);
    }
    assert.deepEqual([...seen.keys()].sort(), [
      ...["device.attic.k", "node.attic", "owner.g"],
    ]);
    await raw.close();
    closing.abort();
    await bus.close();
  },
});

/** Another's beats and records, the table as a whole, and what is not NATS for us. */
const FORBIDDEN = [
  "ondacast.home.beat.cellar",
  "$KV.ondacast_home.node.cellar",
  "$KV.ondacast_home.device.cellar.k",
  "$KV.ondacast_home.song.cellar.k",
  "$JS.API.STREAM.DELETE.KV_ondacast_home",
  "$JS.API.STREAM.PURGE.KV_ondacast_home",
  "$JS.API.STREAM.UPDATE.KV_ondacast_home",
  "$JS.API.STREAM.CREATE.other",
  "other",
];
