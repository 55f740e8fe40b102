import assert from "node:assert/strict";
import { soak } from "./soak.ts";

Deno.test({
  name: "a soak of 30 listeners for a few seconds finds no fault",
  ignore: Deno.build.os !== "linux", // whose /proc it samples
  async fn() {
    const { run, faults } = await soak(
      { minutes: 0.05, listeners: 30, seed: 20_261_121 },
      () => {},
    );
    assert.deepEqual(faults, []);
    assert.ok(run.counts.streams >= 30);
  },
});
