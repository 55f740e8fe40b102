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
import { GatheredLines } from "./gathered_lines.ts";
import { isObserved, tellLine } from "./telemetry.ts";

/** How log lines look. */
export type LogFormat = "text" | "json";

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
  const stderr = new GatheredLines(Deno.stderr.writable, systemClock);
  await configureSink((record) => stderr.take(() => line(record)));
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
