/**
 * The log: lines of text or JSON on stderr, by LogTape.
 *
 * @module
 */

import {
  configure,
  getJsonLinesFormatter,
  getTextFormatter,
  type LogRecord,
} from "@logtape/logtape";

/** How log lines look. */
export type LogFormat = "text" | "json";

/** Log that nobody reads is dropped beyond so much, as it must not fill the memory. */
const MAX_WAITING_BYTES = 1 << 20;

/**
 * Sends the records of Ondacast's loggers to stderr. Control characters that
 * peers wrote are escaped: both formats quote the values of placeholders.
 */
export async function configureLog(format: LogFormat): Promise<void> {
  const line = format === "json"
    ? getJsonLinesFormatter()
    : getTextFormatter({ timestamp: "time", level: "full", category: "." });
  await configure({
    reset: true,
    sinks: { stderr: stderrSink(line) },
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

function stderrSink(
  line: (record: LogRecord) => string,
): (record: LogRecord) => void {
  const writer = Deno.stderr.writable.getWriter();
  writer.closed.catch(() => {});
  const encoder = new TextEncoder();
  let waitingBytes = 0;
  return (record) => {
    if (waitingBytes > MAX_WAITING_BYTES) return;
    const bytes = encoder.encode(line(record));
    waitingBytes += bytes.length;
    writer.write(bytes).catch(() => {}).finally(() => {
      waitingBytes -= bytes.length;
    });
  };
}
