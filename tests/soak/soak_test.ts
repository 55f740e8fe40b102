import assert from "node:assert/strict";
import { soak } from "./soak.ts";

Deno.test({
  name:
    "the soak runs: a few seconds of 30 listeners, and nothing is wrong or left",
  ignore: Deno.build.os !== "linux", // by whose numbers it looks at the server
  async fn() {
    const { run, faults } = await soak(
      { minutes: 0.05, listeners: 30, seed: 20_261_121 },
      () => {},
    );
    assert.deepEqual(faults, []);
    assert.ok(run.counts.streams >= 30);
  },
});
