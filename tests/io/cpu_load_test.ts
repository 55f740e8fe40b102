import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import { CpuLoad } from "../../lib/io/cpu_load.ts";

function spin(ms: number): void {
  const { user, system } = cpuUsage();
  const until = user + system + ms * 1000;
  for (let now = cpuUsage(); now.user + now.system < until;) now = cpuUsage();
}

Deno.test("CpuLoad tells the processor time between two looks for the time between them", () => {
  const load = new CpuLoad(1000);
  spin(40);
  const busy = load.look(1020);
  assert.ok(busy >= 2, `${busy}`);
  const idle = load.look(1_001_020);
  assert.ok(idle < 0.5, `${idle}`);
});
