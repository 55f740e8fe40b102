import assert from "node:assert/strict";
import { TaskGroup } from "../../lib/host/task_group.ts";

const unexpected = (error: unknown) => assert.ifError(error);

Deno.test("TaskGroup.over() resolves at once when there is no task", async () => {
  await new TaskGroup(unexpected).over();
});

Deno.test("TaskGroup.over() resolves when the last task has settled", async () => {
  const errors: unknown[] = [];
  const work = new TaskGroup((error) => errors.push(error));
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  work.add(first.promise);
  work.add(second.promise);
  let isOver = false;
  const over = Promise.all([work.over(), work.over()]).then(() =>
    isOver = true
  );
  const failure = new TypeError("broken");
  first.reject(failure);
  await first.promise.catch(() => {});
  await Promise.resolve();
  assert.equal(isOver, false);
  second.resolve();
  await over;
  assert.deepEqual(errors, [failure]);
});

Deno.test("TaskGroup.over() can be awaited again", async () => {
  const work = new TaskGroup(unexpected);
  work.add(Promise.resolve());
  await work.over();
  const next = Promise.withResolvers<void>();
  work.add(next.promise);
  let isOver = false;
  const over = work.over().then(() => isOver = true);
  await Promise.resolve();
  assert.equal(isOver, false);
  next.resolve();
  await over;
});
