import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
import { Queue } from "../../lib/model/queue.ts";
import { QueueBounds } from "../../lib/model/queue_bounds.ts";
import { RunningProgram, TempFolder } from "../support/programs.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { editNext, lineOf } from "./queue_writer.ts";

/** As in `killed_upload_test.ts`. */
const KILLS = Number(Deno.env.get("ONDACAST_KILLS") ?? 50);
const seed = Number(Deno.env.get("ONDACAST_SEED") ?? 20_261_126);
const WRITER = fromFileUrl(new URL("queue_writer.ts", import.meta.url));

Deno.test(`SIGKILL at ${KILLS} moments of edits loses no entry and no edit that was saved`, async () => {
  const random = seededRandom(seed);
  await using folder = await TempFolder.make();
  const expected = new Queue(new QueueBounds());
  let saved = 0;
  for (let i = 0; i <= KILLS; i++) {
    await using writer = new RunningProgram(Deno.execPath(), [
      ...["run", "-A", "--no-check", WRITER, folder.path],
    ]);
    const [, line, revision, seconds] = await writer.printed(
      /^loaded ((\d+) .*) ([\d.]+)\n/,
    );
    assert.ok(Number(revision) >= saved, `edit ${saved} is lost`);
    while (expected.revision < Number(revision)) editNext(expected);
    assert.equal(line, lineOf(expected));
    assert.ok(
      [revision, `${revision}.5`].includes(seconds) || !expected.playing,
    );
    if (i === KILLS) break;
    const stopAt = Number(revision) + Math.ceil(random() * 8);
    await writer.printed(new RegExp(`^saved ${stopAt}\n`, "m"));
    // Anywhere in the edits after it.
    await new Promise((done) => setTimeout(done, random() * 10));
    writer.child.kill("SIGKILL");
    await writer.ended();
    const lines = writer.stdout.match(/^saved \d+\n/gm)!;
    saved = Number(lines.at(-1)!.slice(6));
  }
});
