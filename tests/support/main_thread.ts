/**
 * What the main thread of a page does, by the browser's trace: the CPU time of each
 * task. It hardly depends on what else the machine does; the unit is another on each
 * machine, so that only ratios say something.
 *
 * @module
 */

import type { Page } from "./browser.ts";

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** CPU time of the thread in microseconds. */
  tdur?: number;
  args?: { name?: string };
}

/**
 * Shorter tasks are not counted, in milliseconds: a busy machine has any number of
 * them, which would hide the others from a percentile.
 */
const LEAST_MS = 1;

/** The CPU time of tasks in milliseconds. */
export class Tasks {
  readonly #ms: readonly number[];

  constructor(ms: readonly number[]) {
    this.#ms = ms.filter((it) => it >= LEAST_MS).sort((a, b) => a - b);
  }

  get p95(): number {
    return this.#at(0.95);
  }

  get longest(): number {
    return this.#at(1);
  }

  toString(): string {
    const [p95, longest] = [this.p95, this.longest].map((it) => it.toFixed(1));
    return `${this.#ms.length} tasks, p95 ${p95} ms, longest ${longest} ms`;
  }

  #at(part: number): number {
    return this.#ms[Math.floor(part * (this.#ms.length - 1))] ?? 0;
  }
}

/** The tasks while something is done, on a CPU that is slower by a factor. */
export async function tasksOf(
  page: Page,
  act: () => Promise<unknown>,
  slowdown = 1,
): Promise<Tasks> {
  const cdp = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  cdp.on("Tracing.dataCollected", ({ value }) => {
    for (const event of value) events.push(event as unknown as TraceEvent);
  });
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await cdp.send("Tracing.start", {
    traceConfig: {
      includedCategories: ["disabled-by-default-devtools.timeline"],
    },
    transferMode: "ReportEvents",
  });
  await act();
  const complete = new Promise<void>((done) =>
    cdp.once("Tracing.tracingComplete", () => done())
  );
  await cdp.send("Tracing.end");
  await complete;
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  return new Tasks(ofMainThread(events));
}

function ofMainThread(events: readonly TraceEvent[]): number[] {
  const mains = new Set(
    events.filter(({ name, args }) =>
      name === "thread_name" && args?.name === "CrRendererMain"
    ).map(({ pid, tid }) => `${pid} ${tid}`),
  );
  return events
    .filter(({ name, pid, tid }) =>
      name === "RunTask" && mains.has(`${pid} ${tid}`)
    )
    .map(({ tdur = 0 }) => tdur / 1000);
}

/** The heap of a page's scripts after a collection, in bytes. */
export async function heapOf(page: Page): Promise<number> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("HeapProfiler.collectGarbage");
  return (await cdp.send("Runtime.getHeapUsage")).usedSize;
}
