/**
 * A program that edits the queue of a data folder until it is killed: it prints
 * what it has loaded, then each edit that is saved.
 *
 * @module
 */

import { GroupDatabase } from "../../lib/io/groups/group_database.ts";
import { Queue } from "../../lib/model/queue.ts";
import { QueueBounds } from "../../lib/model/queue_bounds.ts";
import { seededRandom } from "../support/seeded_random.ts";

/** Makes the next edit of a queue, which its revision determines. */
export function editNext(queue: Queue): void {
  const random = seededRandom(queue.revision);
  const kind = random();
  const { entries, revision } = queue;
  const from = Math.floor(random() * entries.length);
  const some = entries.slice(from, from + 1 + Math.floor(random() * 500));
  const songs = Array.from(
    { length: 1 + Math.floor(random() ** 4 * 5000) },
    (_, i) => `album ${revision}/song ${i}.wav`,
  );
  if (kind < 0.4 || entries.length === 0) queue.add(songs, "end");
  else if (kind < 0.5) queue.add(songs, "next");
  else if (kind < 0.6) queue.add(songs, "now");
  else if (kind < 0.75) queue.remove(some);
  else if (kind < 0.85) queue.move(some);
  else queue.setShuffle(!queue.shuffle, random);
}

/** What a queue is, on one line. */
export function lineOf(queue: Queue): string {
  const { rows } = queue.page(undefined, Infinity);
  const { unshuffled } = queue.save();
  let sum = 0;
  for (const { entry, song } of rows) {
    for (let i = 0; i < song.length; i++) {
      sum = Math.imul(sum, 31) + song.charCodeAt(i) + entry | 0;
    }
  }
  for (const it of unshuffled ?? []) sum = Math.imul(sum, 31) + it | 0;
  return `${queue.revision} ${rows.length} ${sum}`;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  const store = await GroupDatabase.open(Deno.args[0]);
  const [saved] = (await store.load()).groups;
  const queue = new Queue(new QueueBounds(), saved?.queue);
  print(`loaded ${lineOf(queue)} ${queue.seconds}`);
  while (true) {
    editNext(queue);
    queue.mark(queue.revision);
    const { revision, seconds } = queue;
    const playing = queue.playing?.entry ?? null;
    const group = {
      ...{ id: "g", name: "g", devices: ["k"], state: "playing" as const },
      ...{ atWallMs: 0, queue: queue.save() },
    };
    await store.save({ groups: [group] });
    store.mark("g", { playing, seconds: seconds + 0.5, atWallMs: 1 });
    print(`saved ${revision}`);
  }
}
