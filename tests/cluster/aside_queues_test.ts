import assert from "node:assert/strict";
import { AsideQueues } from "../../lib/cluster/aside_queues.ts";
import type { SavedGroup } from "../../lib/ports/group_store.ts";

const GROUP: SavedGroup = {
  ...{ id: "g", name: "", devices: ["k"], state: "stopped", atWallMs: null },
  queue: {
    ...{ entries: [1], unshuffled: null, batches: [], playing: null },
    ...{ seconds: 0, nextEntry: 2, revision: 1, repeat: "off" },
  },
};

Deno.test("a queue that is kept aside twice before the same term is kept twice", () => {
  const kept: string[] = [];
  const aside = new AsideQueues({
    save({ groups = [] }) {
      kept.push(...groups.map(({ id }) => id));
      return Promise.resolve();
    },
  }, () => {});
  for (let i = 0; i < 3; i++) {
    aside.keep(GROUP, { node: "attic", term: 2, devices: [] });
  }
  assert.deepEqual(kept, ["g before 2", "g before 2 (2)", "g before 2 (3)"]);
});

for (
  const [where, save, said] of [
    [
      "are kept aside",
      () => Promise.resolve(),
      /are kept aside as "g before 2"$/,
    ],
    [
      "cannot be kept on a full disk",
      () => Promise.reject(new Error("the disk is full")),
      /cannot be kept: .*the disk is full/,
    ],
  ] as const
) {
  Deno.test(`the log says whether edits ${where}`, async () => {
    const logged = Promise.withResolvers<string>();
    const aside = new AsideQueues({ save }, (_, text) => logged.resolve(text));
    aside.keep(GROUP, { node: "attic", term: 2, devices: [] });
    assert.match(await logged.promise, said);
  });
}
