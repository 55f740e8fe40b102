import assert from "node:assert/strict";
import { type Kept, SHELL, shellAnswer } from "../../../web/io/kept_shell.ts";
import { PAGE_FILES } from "../../../lib/host/page_files.ts";

/** Keeps answers in memory. */
class Memory implements Kept {
  readonly #texts = new Map<string, string>();

  match(path: string): Promise<Response | undefined> {
    const text = this.#texts.get(path);
    return Promise.resolve(text === undefined ? undefined : new Response(text));
  }

  async put(path: string, response: Response): Promise<void> {
    this.#texts.set(path, await response.text());
  }
}

const never = () => new Promise<never>(() => {});
const answering = (text: string, status = 200) => () =>
  Promise.resolve(new Response(text, { status }));
const failing = () => Promise.reject(new TypeError("Failed to fetch"));

async function textOf(
  kept: Kept,
  ask: () => Promise<Response>,
  wait: () => Promise<void> = never,
): Promise<string> {
  return await (await shellAnswer("/page.js", { ask, kept, wait })).text();
}

Deno.test("shellAnswer() is the server's answer whenever it can be reached, else the last one", async () => {
  const kept = new Memory();
  await assert.rejects(textOf(kept, failing), TypeError);
  assert.equal(await textOf(kept, answering("version 1")), "version 1");
  assert.equal(await textOf(kept, failing), "version 1");
  assert.equal(await textOf(kept, answering("version 2")), "version 2");
  assert.equal(await textOf(kept, failing), "version 2");
  // A refusal is shown, and not kept.
  assert.equal(
    await textOf(kept, answering("misdirected", 421)),
    "misdirected",
  );
  assert.equal(await textOf(kept, failing), "version 2");
});

Deno.test("shellAnswer() does not wait for a server that never answers, unless nothing is kept", async () => {
  const kept = new Memory();
  const isLate = () => Promise.resolve();
  assert.equal(await textOf(kept, answering("first"), isLate), "first");
  assert.equal(await textOf(kept, never, isLate), "first");
});

Deno.test("the page's shell has only files that the server has", () => {
  for (const path of SHELL) assert.ok(path in PAGE_FILES, path);
});
