/**
 * The log: lines of text or JSON on stderr, by LogTape, and OpenTelemetry where
 * enabled.
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
import { isObserved, printLine } from "./telemetry.ts";

export type LogFormat = "text" | "json";

/**
 * Writes the records of Ondacast's loggers to stderr, formatted by
 * {@linkcode formatterOf}.
 *
 * @returns A function that resolves when everything logged so far is written.
 */
export async function configureLog(
  format: LogFormat,
): Promise<() => Promise<void>> {
  const line = formatterOf(format);
  if (isObserved()) return await configureObservedLog(line);
  const stderr = new BatchedWriter(Deno.stderr.writable, systemClock);
  await configureSink((record) => stderr.add(() => line(record)));
  return () => stderr.flush();
}

/**
 * Formats a record as one line, line end included. LogTape escapes what JSON
 * and quoted text require; this also escapes anything that could move the
 * cursor, change the text direction or start another line.
 */
export function formatterOf(format: LogFormat): (record: LogRecord) => string {
  const formatted = format === "json"
    ? getJsonLinesFormatter()
    : getTextFormatter({ timestamp: "time", level: "full", category: "." });
  return (record) => `${safeText(formatted(record).trimEnd())}\n`;
}

/** The console is unbuffered, and Deno exports the rest at exit. */
async function configureObservedLog(
  line: (record: LogRecord) => string,
): Promise<() => Promise<void>> {
  await configureSink((record) =>
    printLine(line(record), ["error", "fatal"].includes(record.level))
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
