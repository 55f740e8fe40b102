/**
 * The table of a chaos: what was done to whom, and what was seen, in the order in
 * which it happened.
 *
 * @module
 */

/** One row. */
export interface Entry {
  seconds: number;
  /** A machine; or `round`, `edits`, `songs`, `device data`, `fault`. */
  subject: string;
  /** The condition of a machine, or a number, or words. */
  value: string;
}

const HEAD = "seconds,subject,value";

export class Journal {
  readonly entries: Entry[] = [];
  readonly #log: (line: string) => void;
  readonly #startMs = performance.now();

  /** @param log Is given all that happens, with the time of the servers' logs. */
  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  get seconds(): number {
    return Math.round((performance.now() - this.#startMs) / 100) / 10;
  }

  add(subject: string, value: string | number): void {
    this.entries.push({ seconds: this.seconds, subject, value: `${value}` });
    this.note(`${subject} ${value}`);
  }

  /** Notes what is not in the table. */
  note(text: string): void {
    const time = new Date().toISOString().slice(11, 23);
    this.#log(`${time} ${this.seconds} s: ${text}\n`);
  }

  get faults(): string[] {
    return this.entries.filter(({ subject }) => subject === "fault")
      .map(({ seconds, value }) => `${seconds} s: ${value}`);
  }

  get table(): string {
    const rows = this.entries.map(({ seconds, subject, value }) =>
      [seconds, subject, value.replace(/[,\n]/g, ";")].join()
    );
    return `${[HEAD, ...rows].join("\n")}\n`;
  }
}

/** Reads what {@linkcode Journal.table} is. */
export function readTable(table: string): Entry[] {
  return table.trimEnd().split("\n").slice(1).map((row) => {
    const [seconds, subject, value] = row.split(",");
    return { seconds: Number(seconds), subject, value };
  });
}
