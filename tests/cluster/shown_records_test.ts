import assert from "node:assert/strict";
import { type Kept, Node } from "../../lib/cluster/nodes.ts";
import { type RecordOf, songId } from "../../lib/cluster/records.ts";
import { ShownRecords } from "../../lib/cluster/shown_records.ts";
import { settle } from "../support/fake_clock.ts";

const NAMES = Array.from({ length: 100 }, (_, i) => `${i}.wav`);

/** A server with songs, of which ten are shown or hidden in a turn. */
function manySongs() {
  const shown = new Set<string>();
  let steps = 0;
  const records = new ShownRecords(
    {
      songs: {
        put: (_: Node, { name }: RecordOf["song"]) => void shown.add(name),
        delete: (_: Node, name: string) => void shown.delete(name),
      },
      ...{ live: {}, devices: {}, groups: {} },
      turns: { next: () => ++steps % 10 === 0 ? settle() : null },
    } as unknown as ConstructorParameters<typeof ShownRecords>[0],
  );
  const attic = new Node("attic");
  for (const name of NAMES) {
    const value = { name } as RecordOf["song"];
    const kept = { value, revision: 1 } as Kept<"song">;
    attic.song.set(songId(name), kept);
  }
  const turn = (state: Node["state"]) => {
    attic.state = state;
    records.turned(attic);
  };
  return { records, shown, attic, turn };
}

const settled = async () => {
  for (let i = 0; i < 20; i++) await settle();
};

Deno.test("many songs of a server come and go in turns, in which others are served", async () => {
  const { shown, turn } = manySongs();
  turn("alive");
  assert.equal(shown.size, 10);
  await settled();
  assert.equal(shown.size, 100);
  turn("dead");
  assert.equal(shown.size, 90);
  await settled();
  assert.equal(shown.size, 0);
});

Deno.test("a server that is dead before all of its songs are shown has none, and all again when it is back", async () => {
  const { shown, turn } = manySongs();
  turn("alive");
  await settle();
  turn("dead");
  await settled();
  assert.equal(shown.size, 0);
  turn("alive");
  turn("dead");
  turn("alive");
  await settled();
  assert.equal(shown.size, 100);
});

Deno.test("a song that is gone before all of its server are hidden does not come back", async () => {
  const { records, shown, attic, turn } = manySongs();
  turn("alive");
  await settled();
  turn("dead");
  const id = songId("99.wav");
  const before = attic.song.get(id);
  attic.song.delete(id);
  records.changed(attic, "song", id, before);
  turn("alive");
  await settled();
  assert.equal(shown.size, 99);
});
