import assert from "node:assert/strict";
import { browserTest, type Page, until } from "../support/browser.ts";
import {
  addTaggedSongs,
  SimulatedServer,
} from "../support/simulated_server.ts";

const MANY = 100_000;
const FEW = 300;
/** The heap of the page's scripts after a full scroll, in bytes. */
const MOST_HEAP = 60e6;
/** How much longer than with few songs a task may take. */
const MOST_TIMES = 5;
/** In how many steps all songs are scrolled past. */
const STEPS = 50;
/** Between two letters that are typed, in milliseconds. */
const TYPING_MS = 200;
/** Less than this much CPU time is never seen, in milliseconds: a quarter of a frame. */
const UNSEEN_MS = 4;

/** What the main thread did, by the browser's trace. */
interface Work {
  /** CPU time of the tasks that took at least 0.1 ms, ascending, in milliseconds. */
  tasks: number[];
  heap: number;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** CPU time of the thread in microseconds. */
  tdur?: number;
  args?: { name?: string };
}

/** Loads the page, scrolls, searches and switches views, as someone in a hurry does. */
async function browse(page: Page, url: string, songs: number): Promise<Work> {
  const cdp = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  cdp.on("Tracing.dataCollected", ({ value }) => {
    events.push(...value as unknown as TraceEvent[]);
  });
  await cdp.send("Tracing.start", {
    traceConfig: {
      includedCategories: ["disabled-by-default-devtools.timeline"],
    },
    transferMode: "ReportEvents",
  });
  await page.goto(url);
  await page.getByText(`${songs.toLocaleString("en")} songs`).waitFor();
  for (let step = 0; step <= STEPS; step++) {
    await page.evaluate(
      `scrollTo(0, document.documentElement.scrollHeight * ${step / STEPS})`,
    );
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  for (const text of ["s", "so", "song 29", "artist 1", "nothing at all", ""]) {
    await page.getByRole("searchbox").fill(text);
    await page.waitForTimeout(TYPING_MS);
  }
  for (const place of ["albums", "artists", "folders", "songs", "albums", ""]) {
    await page.evaluate(`location.hash = "#/${place}"`);
    await until(page, `document.querySelector("main").children.length > 0`);
    await page.evaluate("new Promise(requestAnimationFrame)");
    await page.evaluate("scrollTo(0, 1e9)");
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  const complete = new Promise<void>((done) =>
    cdp.once("Tracing.tracingComplete", () => done())
  );
  await cdp.send("Tracing.end");
  await complete;
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return { tasks: mainTasks(events), heap: usedSize };
}

function mainTasks(events: TraceEvent[]): number[] {
  const mains = new Set(
    events.filter(({ name, args }) =>
      name === "thread_name" && args?.name === "CrRendererMain"
    ).map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return events
    .filter(({ name, pid, tid }) =>
      name === "RunTask" && mains.has(`${pid} ${tid}`)
    )
    .map(({ tdur = 0 }) => tdur / 1000)
    .filter((ms) => ms >= 0.1)
    .sort((a, b) => a - b);
}

function at(tasks: readonly number[], part: number): number {
  return tasks[Math.floor(part * (tasks.length - 1))];
}

async function browsed(
  browser: { open(url: string): Promise<Page> },
  songs: number,
): Promise<Work> {
  await using server = new SimulatedServer();
  addTaggedSongs(server.songs, songs);
  const page = await browser.open("about:blank");
  return await browse(page, `${server.root}#/songs`, songs);
}

browserTest(
  "100,000 songs fit into 60 MB, and no task takes longer than with a few",
  async (browser) => {
    const few = await browsed(browser, FEW);
    const many = await browsed(browser, MANY);
    const said = (work: Work) =>
      `${work.tasks.length} tasks, p95 ${
        at(work.tasks, 0.95).toFixed(1)
      } ms, ` +
      `longest ${at(work.tasks, 1).toFixed(1)} ms, ` +
      `${(work.heap / 1e6).toFixed(1)} MB`;
    const both = `few: ${said(few)}; many: ${said(many)}`;
    assert.ok(many.heap <= MOST_HEAP, both);
    for (const part of [0.95, 1]) {
      const most = Math.max(UNSEEN_MS, MOST_TIMES * at(few.tasks, part));
      assert.ok(at(many.tasks, part) <= most, both);
    }
  },
);
