import assert from "node:assert/strict";
import {
  becomes,
  browserTest,
  type Page,
  playedFor,
  SLOWDOWN,
  until,
} from "../support/browser.ts";
import { CD, noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { SimulatedServer } from "../support/simulated_server.ts";

const SONGS = 2000;
/** How long the playing page is measured, in milliseconds. */
const WATCHED_MS = 3000;
/** The part of a core that it may use. */
const MOST = 0.1;

/** The most rows that exist at a time, whatever the window and the list. */
const MOST_ROWS = 60;

/** Seconds of CPU time that the page's main thread has used so far. */
async function busySeconds(page: Page): Promise<() => Promise<number[]>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return ["TaskDuration", "ScriptDuration"].map((wanted) =>
      metrics.find(({ name }) => name === wanted)!.value
    );
  };
}

browserTest(
  "a page that shows 2,000 songs and plays one is nearly idle",
  async (browser) => {
    await using server = new SimulatedServer();
    const short = wavFile(PHONE, noise(800));
    for (let i = 0; i < SONGS; i++) server.songs.add(`Song ${i}.wav`, short);
    const long = wavFile(CD, noise(CD.rate * 4 * 40));
    server.songs.add("A long one.wav", long);
    const page = await browser.open(`${server.root}#/songs`);
    const rows = page.locator(".song");
    // They are shown while they come.
    await page.getByText(`${(SONGS + 1).toLocaleString("en")} songs`).waitFor();
    const count = await rows.count();
    assert.ok(count <= MOST_ROWS, `${count} rows`);
    await page.getByRole("button", { name: "Play Song 1", exact: true })
      .focus();
    await page.evaluate(`
      for (const row of document.querySelectorAll(".song")) row.isOld = true;
      scrollTo(0, 1e9);
    `);
    await page.getByText(`Song ${SONGS - 1}`, { exact: true }).waitFor();
    // Elements show other songs, but for the one that has the focus.
    await until(page, `document.activeElement === document.body`);
    const old = await page.evaluate<number>(
      `[...document.querySelectorAll(".song")].filter((row) => row.isOld).length`,
    );
    assert.ok(old >= count / 2, `${old} of ${count} rows are used again`);
    const atEnd = await rows.count();
    assert.ok(atEnd <= MOST_ROWS, `${atEnd} rows`);
    await page.evaluate("scrollTo(0, 0)");
    await page.getByText("A long one", { exact: true }).waitFor();
    await becomes(
      async () =>
        (await page.locator(".song .title").allTextContents()).slice(0, 4),
      ["A long one", "Song 0", "Song 1", "Song 2"],
    );
    await page.getByRole("button", { name: "Play A long one", exact: true })
      .click();
    await playedFor(page, 2);
    await page.evaluate(`
      globalThis.changed = new Set();
      new MutationObserver((records) => {
        for (const { target } of records) {
          const row = target.parentElement?.closest(".song:not(.here)");
          if (row) changed.add(row.innerText);
        }
      }).observe(document.querySelector(".songs"), {
        subtree: true, attributes: true, childList: true, characterData: true,
      });
    `);
    const busy = await busySeconds(page);
    const before = await busy();
    await page.waitForTimeout(WATCHED_MS);
    const [task, script] = (await busy()).map((seconds, i) =>
      (seconds - before[i]) / (WATCHED_MS / 1000)
    );
    const said = `tasks ${(task * 100).toFixed(1)} %, ` +
      `scripts ${(script * 100).toFixed(1)} % of a core`;
    assert.ok(task < MOST * SLOWDOWN, said);
    assert.deepEqual(await page.evaluate("[...changed]"), []);
  },
);
