/**
 * The result of a soak: its figures as a table, and whether any kept growing.
 *
 * @module
 */

import type { Sample } from "./sampler.ts";
import type { StreamCounts } from "./stream_check.ts";

/** The first part of a run, in which memory and caches fill. */
const WARM_UP = 0.25;
/** A shorter run ends before the page cache is full: memory still grows. */
const FLAT_MINUTES = 10;
/** Growth from the first to the last third after warm-up that is no leak. */
const FLAT = {
  rssBytes: { share: 0.05, least: 16 * 2 ** 20 },
  heapBytes: { share: 0.1, least: 8 * 2 ** 20 },
  files: { share: 0.05, least: 16 },
} as const;

/** The figures of a run. */
export interface Run {
  seed: number;
  minutes: number;
  listeners: number;
  /** Before the first listener, during the run, and after the last one. */
  before: Sample;
  samples: Sample[];
  after: Sample;
  counts: StreamCounts;
  done: Record<string, number>;
}

/** The faults of a run. */
export function faultsOf(run: Run): string[] {
  const { counts, before, after } = run;
  const faults = [...counts.wrong];
  if (counts.wrongCount > faults.length) {
    faults.push(`… ${counts.wrongCount} faults in all`);
  }
  if (counts.unchecked > 0) {
    faults.push(`${counts.unchecked} streams had unknown contents`);
  }
  const keys = run.minutes < FLAT_MINUTES ? [] : Object.keys(FLAT);
  for (const key of keys as (keyof typeof FLAT)[]) {
    const { first, last } = thirds(run.samples, (sample) => sample[key]);
    const { share, least } = FLAT[key];
    if (last - first > Math.max(first * share, least)) {
      faults.push(`${key} grew from ${first} to ${last}`);
    }
  }
  if (after.clients !== 1) faults.push(`${after.clients - 1} clients are left`);
  if (after.streams !== 0) faults.push(`${after.streams} streams are left`);
  if (after.files > before.files + 2) {
    faults.push(`${after.files - before.files} descriptors are left`);
  }
  return faults;
}

/** The figures of a run, as Markdown. */
export function tableOf(run: Run): string {
  const { counts, samples, before, after } = run;
  const { streams, ended } = counts;
  const of = (value: (sample: Sample) => number) => {
    const { first, last } = thirds(samples, value);
    const worst = Math.max(...samples.map(value).filter(Number.isFinite));
    return { first, last, worst };
  };
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  const row = (
    what: string,
    value: (sample: Sample) => number,
    show: (value: number) => string,
  ) => {
    const { first, last, worst } = of(value);
    const cells = [value(before), first, last, worst, value(after)].map(show);
    return `| ${what} | ${cells.join(" | ")} |`;
  };
  const facts = Object.entries(run.done).sort(([a], [b]) => a < b ? -1 : 1);
  return [
    `${run.minutes} minutes, ${run.listeners} listeners at a time, seed ${run.seed}.`,
    "",
    "| server | before | first third | last third | worst | after |",
    "| --- | --- | --- | --- | --- | --- |",
    row("resident memory, MiB", (s) => s.rssBytes, mib),
    row("heap, MiB", (s) => s.heapBytes, mib),
    row("buffers, MiB", (s) => s.externalBytes, mib),
    row("file descriptors", (s) => s.files, String),
    row("threads", (s) => s.threads, String),
    row("CPU, % of a core", (s) => s.cpu * 100, (v) => v.toFixed(1)),
    row("event-loop delay, ms", (s) => s.delayMs, (v) => v.toFixed(2)),
    row("answer to a ping, ms", (s) => s.pingMs, (v) => v.toFixed(2)),
    row("clients", (s) => s.clients, String),
    "",
    "| what happened | |",
    "| --- | --- |",
    `| streams checked by their hash | ${streams} |`,
    `| … sent to their end | ${ended.complete} |`,
    `| … replaced, stopped, lost | ${ended.replaced}, ${ended.stopped}, ${ended.lost} |`,
    `| GiB in them | ${(counts.checkedBytes / 2 ** 30).toFixed(1)} |`,
    `| streams that were wrong | ${counts.wrongCount} |`,
    `| looks (each 250 ms) that found a listener without data | ${counts.underruns} |`,
    ...facts.map(([what, count]) => `| ${what} | ${count} |`),
    "",
  ].join("\n");
}

/** Medians of the first and the last third after the warm-up. */
function thirds(
  samples: readonly Sample[],
  value: (sample: Sample) => number,
): { first: number; last: number } {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP)).map(value);
  const third = Math.max(1, Math.floor(warm.length / 3));
  return {
    first: median(warm.slice(0, third)),
    last: median(warm.slice(-third)),
  };
}

function median(values: number[]): number {
  const known = values.filter(Number.isFinite).sort((a, b) => a - b);
  return known[known.length >> 1];
}
