import assert from "node:assert/strict";
import { type Kept, Node } from "../../lib/cluster/nodes.ts";
import type { GroupRecord } from "../../lib/cluster/records.ts";
import { RemoteGroups } from "../../lib/cluster/remote_groups.ts";
import type { GroupRow } from "../../lib/server/groups/group_row.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** The server and the songs of each group that is listed. */
function listing() {
  const shown = new Map<string, () => GroupRow>();
  const owners = new Map<string, string>();
  const clock = new FakeClock();
  const groups = new RemoteGroups({
    list: {
      show: (id, row) => void shown.set(id, row),
      gone: (id) => void shown.delete(id),
    },
    ...{ clock, wallMs: () => 0 },
    ...{ isOwn: () => false, hasDevice: () => false },
    ownerOf: (id) => owners.get(id),
  });
  const kept = (
    revision: number,
    songs: number,
    more: Partial<GroupRecord> = {},
  ): Kept<"group"> => ({
    value: {
      ...{ group: "hall", name: "Hall", devices: [], state: "stopped" },
      ...{ entry: null, song: null, title: null, seconds: null },
      ...{ position: 0, positionAt: 0, songs, revision: 1, atWallMs: 0 },
      ...{ repeat: "off", shuffle: false, volume: 100, ...more },
    },
    ...{ revision, isOld: false, bytes: 1, seenMs: clock.now() },
  });
  const put = (node: Node, revision: number, songs: number) =>
    groups.put(node, "hall", kept(revision, songs));
  const seen = () => {
    const row = shown.get("hall")?.();
    return row && `${row.node} ${row.songs}`;
  };
  return { groups, owners, clock, shown, kept, put, seen };
}

Deno.test("of two servers with a row of one group that of the owner is listed, else the latest", () => {
  const { groups, owners, put, seen } = listing();
  const [attic, cellar] = [new Node("attic"), new Node("cellar")];
  put(cellar, 7, 3);
  // It is back with what it had before it died.
  put(attic, 5, 4);
  assert.equal(seen(), "cellar 3");
  owners.set("hall", "attic");
  groups.choose("hall");
  assert.equal(seen(), "attic 4");
  put(cellar, 8, 2);
  assert.equal(seen(), "attic 4");
  groups.delete(attic, "hall");
  assert.equal(seen(), "cellar 2");
  groups.delete(cellar, "hall");
  assert.equal(seen(), undefined);
});

Deno.test("a group whose server was away for a while has played on meanwhile", async () => {
  const { groups, clock, shown, kept } = listing();
  const attic = new Node("attic");
  const record = kept(1, 3, { state: "playing", seconds: 60, position: 7 });
  groups.put(attic, "hall", record);
  await clock.advance(10_000);
  groups.delete(attic, "hall");
  await clock.advance(10_000);
  groups.put(attic, "hall", record);
  assert.equal(shown.get("hall")!().position, 27);
});
