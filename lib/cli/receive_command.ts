/**
 * `ondacast receive`: this machine as a speaker for others.
 *
 * @module
 */

import { Receiver } from "../client/receiver.ts";
import { printError } from "../io/standard_output.ts";
import type { ClientContext } from "./client_context.ts";
import { playbackView } from "./playback_view.ts";

/** Waits for songs until the person ends it. */
export async function receiveCommand(context: ClientContext): Promise<void> {
  const { json, quiet } = context.options;
  await context.meetServer();
  using view = playbackView(
    { json, quiet, toStderr: context.wordsToStderr },
    { quit: () => receiver.stop() },
  );
  const receiver = new Receiver({
    link: context.link,
    output: context.output,
    windowBytes: context.windowBytes,
    listener: {
      waiting: ({ you, server }) => {
        view.control(null);
        view.note(
          `waiting for songs at ${server}, as ${you}`,
          { event: "waiting", server, you },
        );
      },
      start: (playback, state, player) => {
        view.start(state, player);
        view.control(playback);
      },
      end: (summary) => view.end(summary),
      problem: (error) => printError(`${error.code}: ${error.message}`),
    },
  });
  try {
    await receiver.run();
  } finally {
    await context.output.abort();
  }
}
