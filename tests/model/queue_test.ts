import assert from "node:assert/strict";
import { Queue } from "../../lib/model/queue.ts";
import { MOST, QueueBounds } from "../../lib/model/queue_bounds.ts";
import fc from "../support/fast_check.ts";
import { seededRandom } from "../support/seeded_random.ts";

Deno.test("Queue.add() puts songs in the queue's place, next and at the end", () => {
  const queue = queueOf("ab");
  queue.leave("skip");
  queue.add(["c"], "next");
  queue.add(["d"], "next");
  queue.add(["e"], "end");
  assert.equal(songs(queue), "abdce");
  assert.equal(queue.add(["f", "g"], "now", 1)?.entry, 6);
  assert.equal(songs(queue), "fg");
  assert.equal(queue.playing?.song, "g");
  for (const index of [2, -1, 0.5]) {
    assert.throws(() => queue.add(["h", "i"], "now", index), {
      code: "not-found",
    });
  }
  assert.equal(songs(queue), "fg");
});

Deno.test("Queue.shuffleAll() lets all songs follow the one that plays", () => {
  for (let index = 0; index < 5; index++) {
    const queue = queueOf("");
    queue.add([..."abcde"], "now", index);
    queue.shuffleAll(seededRandom(index));
    assert.equal(songs(queue)[0], "abcde"[index]);
    assert.equal([...songs(queue)].toSorted().join(""), "abcde");
    queue.setShuffle(false, Math.random);
    assert.equal(songs(queue), "abcde");
  }
});

Deno.test("Queue.leave() follows repeat", () => {
  const table = [
    ["off", "end", "abc"],
    ["off", "skip", "abc"],
    ["all", "end", "abcabc"],
    ["all", "skip", "abcabc"],
    ["one", "end", "aaaaaa"],
    ["one", "skip", "abc"],
  ] as const;
  for (const [repeat, leaving, expected] of table) {
    const queue = queueOf("abc");
    queue.repeat = repeat;
    let played = "";
    while (queue.playing && played.length < 6) {
      played += queue.playing.song;
      const next = queue.following(leaving);
      const step = queue.leave(leaving, 100);
      assert.deepEqual(step, next ? { plays: next } : { stopped: "end" });
    }
    assert.equal(played, expected, `${repeat}, ${leaving}`);
  }
});

Deno.test("Queue.leave() passes over what cannot be played", () => {
  const queue = queueOf("abcd");
  queue.setProblem(2, "gone");
  queue.setProblem(3, "gone");
  assert.equal(queue.following()?.song, "d");
  queue.setProblem(4, "gone");
  queue.repeat = "all";
  assert.equal(queue.following()?.song, "a");
  queue.setProblem(1, "gone");
  assert.deepEqual(queue.leave("end"), { stopped: "silent" });
  queue.setProblem(3);
  assert.deepEqual(queue.jump(2), {
    plays: { entry: 3, song: "c" },
  });
});

Deno.test("Queue.leave() stops after a round without a second of sound", () => {
  for (const [seconds, rounds] of [[0.3, 1], [0.4, Infinity]]) {
    const queue = queueOf("abc");
    queue.repeat = "all";
    let ended = 0;
    while (queue.playing && ended < 100) {
      ended++;
      queue.leave("end", seconds);
    }
    assert.equal(ended, Math.min(100, 3 * rounds));
  }
});

Deno.test("Queue.leave() repeats one short song, but none that is all but nothing", () => {
  for (const [seconds, most] of [[0.5, 100], [0.04, 100], [0.03, 32], [0, 1]]) {
    const queue = queueOf("abc");
    queue.repeat = "one";
    let ended = 0;
    while (queue.playing && ended < 100) {
      ended++;
      queue.leave("end", seconds);
    }
    assert.equal(ended, most, `${seconds} s`);
  }
});

Deno.test("Queue.previous() returns to the song's start after 3 s, else to the one before", () => {
  const queue = queueOf("abc");
  queue.jump(3);
  const plays = (seconds: number) => {
    queue.previous(seconds);
    return queue.playing?.song;
  };
  assert.equal(plays(3.1), "c");
  queue.setProblem(2, "gone");
  assert.equal(plays(3), "a");
  assert.equal(plays(0), "a");
  queue.repeat = "all";
  assert.equal(plays(0), "c");
});

Deno.test("Queue.remove() goes on to the next entry when the one that plays is removed", () => {
  const queue = queueOf("abcd");
  queue.jump(2, 30);
  queue.remove([1]);
  assert.deepEqual([queue.playing?.song, queue.seconds], ["b", 30]);
  queue.remove([2, 3]);
  assert.deepEqual([queue.playing?.song, queue.seconds], ["d", 0]);
  queue.remove([4]);
  assert.equal(queue.playing, null);
});

Deno.test("Queue.move() moves entries before another, in the order given", () => {
  const table: [number[], number | undefined, string][] = [
    [[3, 1], undefined, "bdeca"],
    [[5, 4], 1, "edabc"],
    [[2, 3, 2], 3, "abcde"],
    [[3, 2], 2, "acbde"],
    [[], 1, "abcde"],
  ];
  for (const [entries, before, expected] of table) {
    const queue = queueOf("abcde");
    queue.move(entries, before);
    assert.equal(songs(queue), expected);
    assert.equal(queue.playing?.song, "a");
  }
});

Deno.test("Queue.clear() leaves what plays", () => {
  const queue = queueOf("abc");
  queue.jump(2, 7);
  queue.clear();
  assert.deepEqual([songs(queue), queue.seconds], ["b", 7]);
});

Deno.test("Queue.setShuffle() reorders what follows, and restores the order", () => {
  const queue = queueOf("abcdef");
  queue.jump(3);
  queue.setShuffle(true, () => 0);
  assert.equal(songs(queue), "abcefd");
  queue.add(["x"], "next");
  queue.add(["y"], "end");
  queue.remove([5]);
  assert.equal(songs(queue), "abcxfdy");
  queue.setShuffle(false, () => 0);
  assert.equal(songs(queue), "abcxdfy");
});

Deno.test("an entry that is over is stale, and one that never was is not found", () => {
  const queue = queueOf("abc");
  queue.expect(1);
  queue.leave("skip");
  assert.throws(() => queue.expect(1), { code: "stale" });
  queue.remove([1]);
  const { revision } = queue;
  assert.throws(() => queue.remove([2, 1]), { code: "stale" });
  assert.throws(() => queue.move([2], 1), { code: "stale" });
  for (const entry of [0, -1, 4, 1.5, NaN]) {
    assert.throws(() => queue.jump(entry), { code: "not-found" });
  }
  assert.deepEqual([songs(queue), queue.revision], ["bc", revision]);
});

Deno.test("a queue has 100,000 entries at most, and all queues share a limit", () => {
  const bounds = new QueueBounds({ inAll: MOST.entries + 5 });
  const queue = new Queue(bounds);
  queue.add(Array(MOST.entries).fill("a"), "end");
  assert.throws(() => queue.add(["b"], "next"), { code: "too-large" });
  assert.equal(queue.entries.length, MOST.entries);
  const other = new Queue(bounds);
  assert.throws(() => other.add(Array(6).fill("a"), "now"), {
    code: "too-large",
  });
  other.add(Array(5).fill("a"), "now");
  const { entries } = other;
  assert.throws(() => new Queue(bounds, other.save()), { code: "too-large" });
  assert.equal(other.entries, entries);
  queue.forget();
  assert.equal(bounds.entries, 5);
});

Deno.test("a saved queue whose parts don't fit together is restored as far as they do", () => {
  const queue = new Queue(new QueueBounds(), {
    entries: [5, 5, NaN, 2, 7, 9],
    batches: [
      { entries: [5, 6], songs: ["a", "x"] },
      { entries: [5], songs: ["b"] },
      { entries: [NaN], songs: ["c"] },
      { entries: [2], songs: ["d"] },
      { entries: [7, 8], songs: ["e"] },
      { entries: [10, 9], songs: ["f", "g"] },
    ],
    ...{ unshuffled: [2, 2, 9], playing: 9, seconds: 4 },
    ...{ nextEntry: 1, revision: 3, repeat: "all" },
  });
  assert.deepEqual([songs(queue), queue.playing], ["ad", null]);
  assert.deepEqual([queue.seconds, queue.shuffle], [0, false]);
  assert.equal(queue.add(["e"], "end")?.entry, 7);
});

Deno.test("there are 4,096 queues with entries at most", () => {
  const bounds = new QueueBounds();
  const queues = Array.from({ length: MOST.queues }, () => new Queue(bounds));
  for (const queue of queues) queue.add(["a"], "now");
  const other = new Queue(bounds);
  assert.throws(() => other.add(["a"], "end"), { code: "too-large" });
  queues[0].add(["b"], "end");
  queues[1].forget();
  other.add(["a"], "end");
});

Deno.test("a queue does not keep the songs of removed entries for ever", () => {
  const queue = new Queue(new QueueBounds());
  for (let i = 0; i < 100; i++) {
    queue.add(Array(1000).fill("a"), "end");
    queue.remove(queue.entries.slice(1));
  }
  const kept = queue.save().batches.reduce(
    (sum, { songs }) => sum + songs.length,
    0,
  );
  assert.ok(kept <= 1002, `${kept}`);
  assert.equal(queue.page(undefined, 10).rows[0].song, "a");
});

Deno.test("moving and removing 10,000 of 100,000 entries keeps the others in order", () => {
  const queue = new Queue(new QueueBounds());
  queue.add(Array(100_000).fill("a"), "now");
  const some = queue.entries.filter((it) => it % 10 === 3).toReversed();
  queue.move(some, 1);
  assert.deepEqual(queue.entries.slice(0, 10_001), [...some, 1]);
  queue.remove(some);
  assert.equal(queue.entries.length, 90_000);
  assert.ok(queue.entries.every((it, i, all) => i === 0 || it > all[i - 1]));
});

const edit = fc.record({
  kind: fc.constantFrom(
    ...["now", "next", "end", "remove", "move", "clear", "shuffle"] as const,
    ...["repeat", "skip", "ended", "previous", "jump", "problem"] as const,
  ),
  /** Picks entries by their places. */
  picks: fc.array(fc.nat(30), { maxLength: 4 }),
  songs: fc.integer({ min: 1, max: 6 }),
});

Deno.test("a queue keeps its order, its position and its bounds through all edits", () => {
  fc.assert(fc.property(
    fc.array(edit, { maxLength: 60 }),
    fc.nat(),
    (edits, seed) => {
      const random = seededRandom(seed);
      const bounds = new QueueBounds();
      let queue = new Queue(bounds);
      /** The order as if there were no shuffle. */
      let plain: number[] = [];
      let highest = 0;
      for (const { kind, picks, songs } of edits) {
        const seen = queue.entries;
        const picked = [...new Set(picks.map((it) => seen[it % seen.length]))];
        const entries = seen.length ? picked : [];
        const playing = queue.playing?.entry ?? null;
        const seconds = random() * 100;
        queue.mark(seconds);
        let isEdit = true;
        if (kind === "now" || kind === "next" || kind === "end") {
          const first = queue.add(Array(songs).fill("a"), kind)!.entry;
          assert.ok(first > highest, "numbers are never used again");
          const added = Array.from({ length: songs }, (_, i) => first + i);
          highest = added.at(-1)!;
          const at = kind === "end"
            ? plain.length
            : playing
            ? plain.indexOf(playing) + 1
            : 0;
          plain = kind === "now" ? added : plain.toSpliced(at, 0, ...added);
        } else if (kind === "remove") {
          queue.remove(entries);
          plain = plain.filter((it) => !entries.includes(it));
        } else if (kind === "move") {
          const [before, ...moved] = entries;
          queue.move(moved, before);
          if (!queue.shuffle) {
            plain = plain.filter((it) => !moved.includes(it));
            const at = before ? plain.indexOf(before) : plain.length;
            plain.splice(at, 0, ...moved);
          }
        } else if (kind === "clear") {
          queue.clear();
          plain = playing ? [playing] : [];
        } else if (kind === "shuffle") {
          queue.setShuffle(!queue.shuffle, random);
          const at = playing ? seen.indexOf(playing) + 1 : 0;
          const now = queue.entries;
          if (queue.shuffle) {
            assert.deepEqual(now.slice(0, at), seen.slice(0, at));
          }
        } else isEdit = false;
        if (kind === "repeat") {
          queue.repeat = (["off", "all", "one"] as const)[songs % 3];
        } else if (kind === "skip") queue.leave("skip");
        else if (kind === "ended") queue.leave("end", songs);
        else if (kind === "previous") queue.previous(songs);
        else if (kind === "jump" && entries.length) queue.jump(entries[0]);
        else if (kind === "problem" && entries.length) {
          queue.setProblem(entries[0], songs > 3 ? "gone" : undefined);
        }

        const now = queue.entries;
        assert.deepEqual(now.toSorted(), plain.toSorted());
        assert.deepEqual(queue.shuffle ? queue.save().unshuffled : now, plain);
        if (isEdit && kind !== "now" && playing && now.includes(playing)) {
          assert.equal(queue.playing?.entry, playing);
          assert.equal(queue.seconds, seconds);
        }
        assert.ok(!queue.playing || now.includes(queue.playing.entry));
        assert.equal(bounds.entries, now.length);
        if (songs === 1) {
          const saved = structuredClone(queue.save());
          queue.forget();
          queue = new Queue(bounds, saved);
          assert.deepEqual(queue.save(), saved);
        }
      }
    },
  ));
});

function queueOf(songs: string): Queue {
  const queue = new Queue(new QueueBounds());
  queue.add([...songs], "now");
  return queue;
}

function songs(queue: Queue): string {
  return queue.page(undefined, Infinity).rows.map(({ song }) => song).join("");
}

Deno.test("Queue.save() has few batches, however songs were added", () => {
  const queue = new Queue(new QueueBounds());
  const names = Array.from({ length: 5000 }, (_, i) => `${i}.wav`);
  names.forEach((name, i) => queue.add([name], i % 2 ? "next" : "end"));
  const { batches } = queue.save();
  assert.ok(batches.length <= 20, `${batches.length} batches`);
  assert.equal(Math.max(...batches.map(({ songs }) => songs.length)), 1024);
  for (const [i, name] of names.entries()) {
    assert.equal(queue.get(i + 1)?.song, name);
  }
  const restored = new Queue(new QueueBounds(), queue.save());
  assert.deepEqual(restored.page(undefined, 5000), queue.page(undefined, 5000));
});
