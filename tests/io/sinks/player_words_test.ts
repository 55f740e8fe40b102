import assert from "node:assert/strict";
import { PlayerWords } from "../../../lib/io/sinks/player_words.ts";

async function read(text: string, splits: number[]) {
  const bytes = new TextEncoder().encode(text);
  const taken: string[] = [];
  const words = new PlayerWords(
    new ReadableStream({
      start(controller) {
        for (const [i, from] of splits.entries()) {
          controller.enqueue(bytes.slice(from, splits[i + 1]));
        }
        controller.close();
      },
    }),
    (line) => {
      if (!/^heard \d\.\d{6}$/.test(line)) return false;
      taken.push(line);
      return true;
    },
  );
  await words.ended;
  return { taken, text: words.text };
}

const OUTPUT =
  "Opening\n\x1b[Kheard 0.100000\x1b[Kheard 0.200000\rno card\x1b[Kheard 0.300000";

Deno.test("PlayerWords offers status lines, and keeps the others, in any split", async () => {
  for (let at = 1; at < OUTPUT.length; at++) {
    const { taken, text } = await read(OUTPUT, [0, at]);
    assert.deepEqual(
      taken,
      ["heard 0.100000", "heard 0.200000", "heard 0.300000"],
      `split at ${at}`,
    );
    assert.equal(text, "Opening; no card");
  }
});

Deno.test("PlayerWords keeps no more than a player's last words", async () => {
  const { text } = await read("x".repeat(100_000), [0, 50_000]);
  assert.equal(text.length, 500);
});
