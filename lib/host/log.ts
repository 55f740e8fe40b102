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
import { safeText } from "../safe_text.ts";
import { systemClock } from "../io/clock/clock.ts";
import { BatchedWriter } from "./batched_writer.ts";
import { isObserved, tellLine } from "./telemetry.ts";

/** How log lines look. */
export type LogFormat = "text" | "json";

/**
 * Sends the records of Ondacast's loggers to stderr, as {@linkcode formatterOf}
 * makes lines of them.
 *
 * @returns Resolves when all that was logged so far is written, each time.
 */
export async function configureLog(
  format: LogFormat,
): Promise<() => Promise<void>> {
  const line = formatterOf(format);
  if (isObserved()) return await configureObservedLog(line);
  const stderr = new BatchedWriter(Deno.stderr.writable, systemClock);
  await configureSink((record) => stderr.take(() => line(record)));
  return () => stderr.flush();
}

/**
 * Makes one line of a record, its end included. LogTape escapes what JSON or a
 * quoted text must; what else could move a cursor, turn a text's direction or
 * begin a line of its own is escaped here.
 */
export function formatterOf(format: LogFormat): (record: LogRecord) => string {
  const formatted = format === "json"
    ? getJsonLinesFormatter()
    : getTextFormatter({ timestamp: "time", level: "full", category: "." });
  return (record) => `${safeText(formatted(record).trimEnd())}\n`;
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
