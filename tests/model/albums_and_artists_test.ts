import assert from "node:assert/strict";
import { Catalog } from "../../lib/model/catalog.ts";
import { FORM_STEPS } from "../../lib/model/song_table.ts";

Deno.test("change() and artists() count the long tags of a song that has changed", async () => {
  let steps = 0;
  const turns = {
    next(count = 1) {
      steps += count;
      return null;
    },
  };
  const stepsOf = async (artist: string) => {
    const catalog = new Catalog([{ name: "a.wav", tags: {} }]);
    steps = 0;
    await catalog.change([{ name: "a.wav", tags: { artist } }], [], turns);
    await catalog.artists({}, turns);
    return steps;
  };
  // A ligature that folds to 18 characters.
  const long = await stepsOf("\ufdfa".repeat(250));
  assert.ok(long >= await stepsOf("a") + FORM_STEPS, `${long} steps`);
});
