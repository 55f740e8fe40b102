/**
 * The log: lines of text or JSON on stderr, by LogTape, and to OpenTelemetry
 * where that is on.
 *
 * @module
 */

import {
  configure,
  getJsonLinesFormatter,
  getTextFormatter,
  type LogRecord,
} from "@logtape/logtape";
import { systemClock } from "./clock.ts";
import { isObserved, tellLine } from "./telemetry.ts";

/** How log lines look. */
export type LogFormat = "text" | "json";

/** Lines that come soon after others wait so long for more: each write wakes a thread. */
const GATHER_MS = 100;
/** Log that nobody reads is dropped beyond so much, as it must not fill the memory. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * Sends the records of Ondacast's loggers to stderr. Control characters that
 * peers wrote are escaped: both formats quote the values of placeholders.
 *
 * @returns Resolves when all that was logged so far is written, each time.
 */
export async function configureLog(
  format: LogFormat,
): Promise<() => Promise<void>> {
  const line = format === "json"
    ? getJsonLinesFormatter()
    : getTextFormatter({ timestamp: "time", level: "full", category: "." });
  if (isObserved()) return await configureObservedLog(line);
  const stderr = new StderrSink(line);
  await configureSink((record) => stderr.take(record));
  return () => stderr.flush();
}

/** The console is written to at once, and Deno sends on what is left at the end. */
async function configureObservedLog(
  line: (record: LogRecord) => string,
): Promise<() => Promise<void>> {
  await configureSink((record) =>
    tellLine(line(record), ["error", "fatal"].includes(record.level))
  );
  return () => Promise.resolve();
}

async function configureSink(sink: (record: LogRecord) => void): Promise<void> {
  await configure({
    reset: true,
    sinks: { stderr: sink },
    loggers: [
      { category: "ondacast", lowestLevel: "info", sinks: ["stderr"] },
      {
        category: ["logtape", "meta"],
        lowestLevel: "error",
        sinks: ["stderr"],
      },
    ],
  });
}

/** Lines are made when there is nothing better to do: a first sound comes before them. */
class StderrSink {
  readonly #line: (record: LogRecord) => string;
  readonly #writer = Deno.stderr.writable.getWriter();
  readonly #encoder = new TextEncoder();
  #records: LogRecord[] = [];
  #waitingBytes = 0;
  #flushedAtMs = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(line: (record: LogRecord) => string) {
    this.#line = line;
    this.#writer.closed.catch(() => {}); // Nobody reads the log any more.
  }

  take(record: LogRecord): void {
    if (this.#waitingBytes > MAX_WAITING_BYTES) return;
    this.#records.push(record);
    if (this.#records.length > 1) return;
    const waitMs = this.#flushedAtMs + GATHER_MS - systemClock.now();
    this.#timer = setTimeout(() => this.flush(), Math.max(0, waitMs));
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    const lines = this.#records.map(this.#line).join("");
    this.#records = [];
    if (lines === "") return this.#last;
    this.#flushedAtMs = systemClock.now();
    const bytes = this.#encoder.encode(lines);
    this.#waitingBytes += bytes.length;
    return this.#last = this.#writer.write(bytes).catch(() => {}).finally(
      () => {
        this.#waitingBytes -= bytes.length;
      },
    );
  }
}
