import assert from "node:assert/strict";
import { Node } from "../../lib/cluster/nodes.ts";
import { RemoteDevices } from "../../lib/cluster/remote_devices.ts";
import { Presence } from "../../lib/model/presence.ts";
import type { Receiver } from "../../lib/server/groups/receiver.ts";
import { FakeClock } from "../support/fake_clock.ts";

Deno.test("a device is listed where it has connected last, also when a former server is back", () => {
  const presence = new Presence<Receiver>();
  const devices = new RemoteDevices({
    ...{ presence, clock: new FakeClock(), ownRevision: () => undefined },
    isMarked: () => true,
  });
  const [attic, cellar] = [new Node("attic"), new Node("cellar")];
  const put = (node: Node, revision: number) =>
    devices.put(node, "hall", {
      value: {
        ...{ key: "hall", id: "10.0.0.1:50000", name: "Hall" },
        ...{ receiving: true, state: { doing: "waiting" } },
      },
      ...{ revision, isOld: false, bytes: 1, seenMs: 0 },
    });
  const place = () => presence.get("hall")?.place;
  put(cellar, 7);
  // What it had before it died, until it has written what it has now.
  put(attic, 5);
  assert.equal(place(), "cellar");
  devices.delete(attic, "hall");
  assert.equal(place(), "cellar");
  put(attic, 8);
  assert.equal(place(), "attic");
  devices.delete(attic, "hall");
  assert.equal(place(), "cellar");
  devices.delete(cellar, "hall");
  assert.equal(place(), undefined);
});

Deno.test("a device that says another kind is listed as that", () => {
  const presence = new Presence<Receiver>();
  const devices = new RemoteDevices({
    ...{ presence, clock: new FakeClock(), ownRevision: () => undefined },
    isMarked: () => true,
  });
  const attic = new Node("attic");
  for (const [revision, kind] of ["phone", "tv", undefined].entries()) {
    devices.put(attic, "hall", {
      value: {
        ...{ key: "hall", id: "10.0.0.1:50000", name: "Hall", kind },
        ...{ receiving: true, state: { doing: "waiting" } },
      },
      ...{ revision, isOld: false, bytes: 1, seenMs: 0 },
    });
    assert.equal(presence.get("hall")?.kind, kind);
  }
});

Deno.test("a record that its server has not signed neither lists a device nor replaces an own one", () => {
  const presence = new Presence<Receiver>();
  const stopped: string[] = [];
  const here = {
    ...{ key: "hall", id: "10.0.0.1:50000", name: "Hall", receiving: true },
    ...{ activity: { doing: "waiting" as const }, activityAtMs: 0 },
    endsAtSeconds: undefined,
    link: {
      stop: ({ code }: { code: string }) => {
        stopped.push(code);
        return Promise.resolve();
      },
    } as unknown as Receiver,
  };
  presence.join(here);
  const devices = new RemoteDevices({
    ...{ presence, clock: new FakeClock(), ownRevision: () => 1 },
    isMarked: (server, { mark }) => mark === `${server} signs`.padEnd(32),
  });
  const attic = new Node("attic");
  const put = (key: string, revision: number, mark?: string) =>
    devices.put(attic, key, {
      value: {
        ...{ key, id: "10.0.0.2:50000", name: "Other", receiving: true },
        ...{ state: { doing: "waiting" as const }, ...(mark && { mark }) },
      },
      ...{ revision, isOld: false, bytes: 1, seenMs: 0 },
    });
  put("hall", 2);
  put("hall", 3, "cellar signs".padEnd(32));
  put("other", 4);
  assert.deepEqual(stopped, []);
  assert.equal(presence.get("hall")?.place, undefined);
  assert.equal(presence.get("other"), undefined);
  put("hall", 5, "attic signs".padEnd(32));
  assert.deepEqual(stopped, ["replaced"]);
});
