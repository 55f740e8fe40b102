import assert from "node:assert/strict";
import {
  costOf,
  exceeded,
  MOST_NODES,
  scaleTable,
} from "../../bench/scale_model.ts";
import { MOST } from "../../lib/cluster/records.ts";

const cells = (table: string) =>
  table.split("\n").filter((row) => row.startsWith("|"))
    .map((row) =>
      row.split("|").map((cell) => cell.trim().replace(/^-+$/, "-"))
    );

Deno.test("docs/scale.md has the table that the model prints", async () => {
  const text = await Deno.readTextFile(
    new URL("../../docs/scale.md", import.meta.url),
  );
  const table = text.slice(
    text.indexOf("| servers "),
    text.indexOf("## Where"),
  );
  assert.deepEqual(cells(table), cells(scaleTable()));
});

Deno.test("the model has the most servers that records allow", () => {
  assert.equal(MOST_NODES, MOST.node);
});

Deno.test("what NATS carries grows with the square of the servers, what each receives with their number", () => {
  const [one, ten] = [100, 1_000].map((nodes) =>
    costOf({ nodes, listeners: nodes * 1_000, songs: 0 })
  );
  assert.equal(Math.round(ten.natsBytesASecond / one.natsBytesASecond), 10);
  const all = ten.natsOutBytesASecond / one.natsOutBytesASecond;
  assert.equal(Math.round(all), 100);
  assert.equal(ten.audioBytesASecond, one.audioBytesASecond);
});

Deno.test("a cluster of 64 servers with 64,000 listeners exceeds nothing", () => {
  const load = { nodes: 64, listeners: 64_000, songs: 128_000 };
  assert.deepEqual(exceeded(load), []);
  assert.deepEqual(exceeded({ ...load, nodes: 65 }), ["64 servers"]);
});
