import assert from "node:assert/strict";
import { MemoryCluster } from "../support/memory_cluster.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

const song = (seed: number) => wavFile(PHONE, noise(PHONE.rate, seed));

Deno.test("NODE:name reaches a song from every server, in any case and without its ending", async () => {
  const all = await MemoryCluster.start({
    attic: { "Live/A.wav": song(1), "b.wav": song(2) },
    cellar: { "b.wav": song(3) },
    shed: {},
  });
  const names: [asked: string, name: string][] = [
    ["attic:Live/A.wav", "Live/A.wav"],
    ["attic:Live/A", "Live/A.wav"],
    ["attic:live/a", "Live/A.wav"],
    ["cellar:b", "b.wav"],
    ["attic:B", "b.wav"],
  ];
  for (const name of ["attic", "cellar", "shed"]) {
    const { songs } = all.node(name).cluster;
    for (const [asked, its] of names) {
      const found = songs.find(asked);
      const [place] = asked.split(":");
      assert.equal(found?.place, place, `${asked} at ${name}`);
      assert.ok([its, `${place}:${its}`].includes(found.name), asked);
    }
    assert.equal(songs.find("shed:b"), undefined);
  }
});
