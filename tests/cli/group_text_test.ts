import assert from "node:assert/strict";
import { queueLines } from "../../lib/cli/group_text.ts";

Deno.test("queueLines() says in words why an entry cannot be played", () => {
  const entries = ["not-wav", "not-found", "of-tomorrow"].map((problem, i) => ({
    ...{ entry: i, song: `${i}.wav`, title: `Song ${i}`, seconds: null },
    problem,
  }));
  const lines = queueLines({ revision: 1, entries, playing: 1 });
  assert.deepEqual(lines, [
    "  1  Song 0    cannot be played: not a song, or a damaged one",
    "> 2  Song 1    cannot be played: no longer among the songs",
    "  3  Song 2    cannot be played: of-tomorrow",
  ]);
});
