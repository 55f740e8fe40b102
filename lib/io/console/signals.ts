/**
 * The signals that ask a program to stop, as far as each system supports them.
 *
 * @module
 */

import { printErrorText } from "./standard_output.ts";
import { isTypingShown } from "./keyboard.ts";

const SIGNALS: Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Calls back on each such signal, until disposed. */
export function onEndSignal(
  callback: (signal: Deno.Signal) => void,
): Disposable {
  const handlers = SIGNALS.map((signal) => {
    const handler = () => {
      if (signal === "SIGINT") endLine();
      callback(signal);
    };
    Deno.addSignalListener(signal, handler);
    return { signal, handler };
  });
  return {
    [Symbol.dispose]() {
      for (const { signal, handler } of handlers) {
        Deno.removeSignalListener(signal, handler);
      }
    },
  };
}

/** Ends the line on which a terminal shows `^C`. */
function endLine(): void {
  if (isTypingShown() && Deno.stderr.isTerminal()) printErrorText("\n");
}
