/**
 * Chooses the view of playback: JSON if requested, otherwise by the kind of
 * output.
 *
 * @module
 */

import { print, printError } from "../io/console/standard_output.ts";
import { isInteractive } from "../io/console/terminal.ts";
import type { ClientContext } from "./client_context.ts";
import { jsonLines, LinesView, plainLines, quietLines } from "./lines_view.ts";
import type { PlaybackView } from "./playback_view.ts";
import { TerminalView, type ViewEvents } from "./terminal_view.ts";

/** The view for the options and the output of a command. */
export function openView(
  { options, clock, wordsToStderr }: ClientContext,
  events: ViewEvents,
): PlaybackView {
  const output = { print: wordsToStderr ? printError : print, printError };
  const { json, quiet } = options;
  if (!json && !quiet && !wordsToStderr && isInteractive()) {
    return new TerminalView(events, clock);
  }
  const lines = json ? jsonLines : quiet ? quietLines : plainLines;
  return new LinesView(lines(output), clock);
}
