import assert from "node:assert/strict";
import { noise, PHONE, wavFile } from "../../support/memory_songs.ts";
import { MemoryPage, modelTest } from "../../support/memory_page.ts";
import fc from "../../support/fast_check.ts";
import { settle } from "../../support/fake_clock.ts";
import { OndacastError } from "../../../lib/errors.ts";
import type { ClientSession } from "../../../lib/client/client_session.ts";
import type { ToServer } from "../../../lib/wire/messages.ts";
import { notices } from "../../../web/model/notices.ts";
import { GroupQueue } from "../../../web/model/group_queue.ts";
import { movesBack } from "../../../web/model/moves_back.ts";

/** A page that shows the queue of a kitchen, one letter for each song. */
async function shown(songs: string) {
  const page = await MemoryPage.open();
  for (const [i, name] of [..."abcdefgh"].entries()) {
    page.server.songs.add(`${name}.wav`, wavFile(PHONE, noise(240_000, i)));
  }
  const kitchen = await page.device("kitchen");
  await page.groups.watch(page.session!);
  const queue = new GroupQueue(page, page.groups, page.errands);
  await page.actions.play(page.row("kitchen"), {
    songs: [...songs],
    title: "album",
  });
  await page.news();
  queue.show(page.row("kitchen").group);
  await page.news();
  const text = () =>
    queue.page.value?.entries.map(({ song }) => song[0]).join("");
  const undo = async () => {
    notices.value.findLast(({ action }) => action)!.action!.act();
    await page.news();
  };
  return { page, kitchen, queue, text, undo };
}

/** A connection whose answers with entries are passed on after a step. */
function connection(
  session: ClientSession,
  before: (message: ToServer<"entries">) => Promise<void> | void,
  failure: OndacastError | null = null,
): ClientSession {
  const request = async (message: ToServer<"entries">) => {
    const answer = await session.request(message);
    if (message.type === "entries") await before(message);
    return answer;
  };
  return { failure, request } as unknown as ClientSession;
}

modelTest(
  "GroupQueue shows a queue, and follows what others change and what plays",
  async () => {
    const { page, kitchen, queue, text } = await shown("abc");
    assert.equal(text(), "abc");
    assert.equal(queue.page.value!.playing, 1);
    const { group } = page.row("kitchen");
    await kitchen.send(
      { type: "queue", to: group, songs: ["d"], place: "next" },
      { type: "control", to: [group], action: "next" },
    );
    await page.news();
    assert.equal(text(), "adbc");
    assert.equal(queue.page.value!.playing, 4);
    queue.show(null);
    assert.equal(queue.page.value, null);
  },
);

modelTest(
  "entries are removed at once, and come back to their places by an undo",
  async () => {
    const { page, queue, text, undo } = await shown("abcdefgh");
    const removing = queue.remove([2, 3, 5, 8]);
    assert.equal(text(), "adfg");
    await removing;
    await page.news();
    assert.equal(text(), "adfg");
    await undo();
    assert.equal(text(), "abcdefgh");
    assert.equal(queue.page.value!.total, 8);
  },
);

modelTest(
  "entries are moved, also to the end, and back by an undo",
  async () => {
    const { page, queue, text, undo } = await shown("abcdef");
    const moving = queue.move([2, 4]);
    assert.equal(text(), "acefbd");
    await moving;
    await page.news();
    assert.equal(text(), "acefbd");
    await undo();
    assert.equal(text(), "abcdef");
    await queue.move([6, 5], 2);
    await page.news();
    assert.equal(text(), "afebcd");
    await undo();
    assert.equal(text(), "abcdef");
  },
);

modelTest(
  "a queue is cleared but for what plays, and filled again by an undo",
  async () => {
    const { page, queue, text, undo } = await shown("abcdef");
    await page.actions.control(page.row("kitchen"), {
      action: "jump",
      value: 3,
    });
    await page.news();
    await queue.clear();
    await page.news();
    assert.equal(text(), "c");
    assert.equal(page.row("kitchen").state, "playing");
    await undo();
    assert.equal(text(), "abcdef");
    assert.equal(queue.page.value!.playing, 3);
  },
);

modelTest("an edit that the server refuses is shown as it is", async () => {
  const { page, kitchen, queue, text } = await shown("abcdef");
  const { group } = page.row("kitchen");
  await kitchen.send({ type: "edit", group, action: "remove", entries: [2] });
  await queue.remove([2]);
  await page.news();
  assert.equal(text(), "acdef");
});

modelTest(
  "a long queue is shown from its playing entry, in pages",
  async () => {
    const { page, queue, text } = await shown(
      "a".repeat(600) + "b".repeat(400),
    );
    assert.equal(queue.page.value!.entries.length, 200);
    await queue.more();
    assert.equal(queue.page.value!.entries.length, 400);
    queue.show(null);
    const jump = { action: "jump", value: 601 } as const;
    await page.actions.control(page.row("kitchen"), jump);
    await page.news();
    queue.show(page.row("kitchen").group);
    await page.news();
    await queue.more();
    assert.equal(text(), "b".repeat(400));
    const { hasMore, total, entries } = queue.page.value!;
    assert.deepEqual([hasMore, total, entries[0].entry], [false, 1_000, 601]);
  },
);

modelTest(
  "a queue whose list was lost on its way comes with the next connection",
  async () => {
    const { page, queue, text } = await shown(
      "a".repeat(600) + "b".repeat(400),
    );
    const jump = { action: "jump", value: 601 } as const;
    await page.actions.control(page.row("kitchen"), jump);
    await page.news();
    const { session } = page;
    const lost = new OndacastError("lost", "lost");
    queue.show(null);
    page.session = connection(session!, ({ after }) => {
      if (after !== undefined) throw lost;
    }, lost);
    queue.show(page.row("kitchen").group);
    await page.news();
    assert.equal(queue.page.value, null);
    page.session = session;
    await page.groups.watch(session!);
    await page.news();
    assert.equal(text(), "b".repeat(201));

    // The same where only the entries that follow were lost.
    const before = queue.page.value;
    page.session = connection(session!, () => {
      throw lost;
    }, lost);
    await queue.more();
    page.session = session;
    await page.groups.watch(session!);
    await page.news();
    assert.notEqual(queue.page.value, before);
  },
);

modelTest(
  "what is moved stays while a list comes that is older, and several undos all wait",
  async () => {
    const { page, kitchen, queue, text } = await shown("abcdef");
    const { group } = page.row("kitchen");
    const { session } = page;
    const held = Promise.withResolvers<void>();
    page.session = connection(session!, () => held.promise);
    await kitchen.send({ type: "edit", group, action: "remove", entries: [6] });
    await page.news();
    const moving = queue.move([2]);
    assert.equal(text(), "acdefb");
    page.session = session;
    held.resolve();
    await settle();
    assert.equal(text(), "acdefb");
    await moving;
    await page.news();
    assert.equal(text(), "acdeb");

    await queue.move([3]);
    await page.news();
    assert.equal(text(), "adebc");
    page.session = null;
    for (const { action } of notices.value.toReversed()) action?.act();
    page.session = session;
    page.errands.runReady();
    await page.news();
    assert.equal(text(), "abcde");
  },
);

Deno.test("movesBack() restores any order from what was taken out of it", () => {
  const orders = fc.uniqueArray(fc.nat(50), { minLength: 1 });
  fc.assert(
    fc.property(orders, fc.infiniteStream(fc.boolean()), (order, is) => {
      const taken = new Set(order.filter(() => is.next().value));
      const rows = order.map((entry) => ({ entry }));
      const moves = movesBack(rows, taken, false)!;
      let now = [...order.filter((it) => !taken.has(it)), ...taken];
      for (const { entries, before } of moves) {
        now = now.filter((it) => !entries.includes(it));
        const at = before === null ? now.length : now.indexOf(before);
        now.splice(at, 0, ...entries);
      }
      assert.deepEqual(now, order);
    }),
  );
});

Deno.test("movesBack() knows no way back to a place that was not seen", () => {
  const rows = [{ entry: 1 }, { entry: 2 }];
  assert.equal(movesBack(rows, new Set([2]), true), null);
  assert.equal(movesBack(rows, new Set([3]), false), null);
  assert.notEqual(movesBack(rows, new Set([1]), true), null);
});
