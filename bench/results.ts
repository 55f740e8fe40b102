/**
 * The results of the bench: measured rows, goals and notes, as tables for the
 * terminal and for `results.md`.
 *
 * @module
 */

import { median, spread, type Turns } from "./stats.ts";

/** Our name in the table. */
export const US = "ondacast";

/** One measurement of one program. */
export interface Row {
  what: string;
  who: string;
  unit: string;
  samples: number[];
}

/** A target, and whether it was reached. */
export interface Goal {
  what: string;
  /** The measured value, as text. */
  value: string;
  reach: string;
  met: boolean;
}

export class Results {
  readonly rows: Row[] = [];
  readonly goals: Goal[] = [];
  readonly notes: string[] = [];

  add(what: string, who: string, unit: string, samples: number[]): void {
    if (samples.length > 0) this.rows.push({ what, who, unit, samples });
  }

  /** Adds the results of {@linkcode inTurns}. */
  addTurns(what: string, unit: string, turns: Turns): void {
    for (const [who, samples] of turns.samples) {
      this.add(what, who, unit, samples);
    }
    for (const [who, why] of turns.failed) {
      this.note(`${what}: ${who}: ${why}`);
    }
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** The median of a row; NaN: not measured. */
  of(what: string, who: string): number {
    const row = this.rows.find((row) => row.what === what && row.who === who);
    return median(row?.samples ?? []);
  }

  /** Adds a goal for the ratio of our number to a peer's, a minimum or a maximum. */
  ratio(
    what: string,
    peer: string,
    bound: { atLeast?: number; atMost?: number },
    us = US,
  ): void {
    const value = this.of(what, us) / this.of(what, peer);
    this.#goal(`${what}: ${us} / ${peer}`, value, "×", bound);
  }

  /** Adds a goal for our own number. */
  bound(
    what: string,
    bound: { atLeast?: number; atMost?: number },
    who = US,
  ): void {
    const row = this.rows.find((row) => row.what === what && row.who === who);
    const label = who === US ? what : `${what}: ${who}`;
    if (row) this.#goal(label, median(row.samples), row.unit, bound);
  }

  #goal(
    what: string,
    value: number,
    unit: string,
    { atLeast, atMost }: { atLeast?: number; atMost?: number },
  ): void {
    if (Number.isNaN(value)) return;
    this.goals.push({
      what,
      value: `${number(value)} ${unit}`,
      reach: atLeast === undefined
        ? `≤ ${number(atMost!)}`
        : `≥ ${number(atLeast)}`,
      met: value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity),
    });
  }

  /** The rows, each with its median, its spread, and our ratio to it. */
  table(): string[][] {
    const cells = this.rows.map(({ what, who, unit, samples }) => {
      const ours = this.of(what, US) / median(samples);
      return [
        what,
        who,
        `${number(median(samples))} ${unit}`,
        spreadText(samples),
        who === US || !Number.isFinite(ours) ? "" : `${number(ours)} ×`,
      ];
    });
    return [["what", "who", "median", "spread", "ondacast is"], ...cells];
  }

  goalTable(): string[][] {
    const cells = this.goals.map(({ what, value, reach, met }) => [
      what,
      value,
      reach,
      met ? "yes" : "NO",
    ]);
    return [["goal", "measured", "reach", "met"], ...cells];
  }
}

function spreadText(samples: number[]): string {
  const part = spread(samples);
  const most = Math.max(...samples);
  if (median(samples) === 0 && most > 0) return `up to ${number(most)}`;
  return samples.length > 1 && Number.isFinite(part)
    ? `± ${(part * 100).toFixed(0)} %`
    : "";
}

/** A number with three significant digits. */
export function number(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 4));
}

/** Aligned columns, for a terminal. */
export function textTable(rows: string[][]): string {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => row[column].length))
  );
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()
  ).join("\n");
}

/** The same as Markdown. */
export function markdownTable(rows: string[][]): string {
  const line = (row: string[]) => `| ${row.join(" | ")} |`;
  const [head, ...body] = rows;
  return [line(head), line(head.map(() => "---")), ...body.map(line)]
    .join("\n");
}
