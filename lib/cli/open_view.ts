/**
 * Chooses the view of playback: JSON if requested, otherwise by the kind of
 * output.
 *
 * @module
 */

import { print, printError } from "../io/console/standard_output.ts";
import type { ClientContext } from "./client_context.ts";
import { jsonLines, LinesView, plainLines, quietLines } from "./lines_view.ts";
import type { PlaybackView } from "./playback_view.ts";
import { asksByKeys } from "./prompts.ts";
import { TerminalView, type ViewEvents } from "./terminal_view.ts";

/** The view for the options and the output of a command. */
export function openView(
  context: ClientContext,
  events: ViewEvents,
): PlaybackView {
  const { options, clock, wordsToStderr } = context;
  const output = { print: wordsToStderr ? printError : print, printError };
  const { json, quiet } = options;
  if (asksByKeys(context) && !quiet) return new TerminalView(events, clock);
  const lines = json ? jsonLines : quiet ? quietLines : plainLines;
  return new LinesView(lines(output), clock);
}
