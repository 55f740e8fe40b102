/**
 * Plays songs for a person, who sees them in a view and may quit at any time.
 *
 * @module
 */

import { aborted } from "../client/interrupted.ts";
import type { Playback } from "../client/playback.ts";
import type { ClientContext } from "./client_context.ts";
import { openView } from "./open_view.ts";
import type { Controls, PlaybackView, ShownTags } from "./playback_view.ts";

/** How long playback may take to report its end. */
const QUIT_MS = 300;

/** The player of one command. */
export interface Player {
  readonly context: ClientContext;
  readonly view: PlaybackView;
  /** Aborted when the user quits. */
  readonly quit: AbortSignal;
  /** Aborted when the command ends. */
  readonly over: AbortSignal;
}

/**
 * Runs work with a player until the user quits, then ends the output: after
 * all has been heard, or at once.
 */
export async function withPlayer(
  context: ClientContext,
  work: (player: Player) => Promise<void>,
): Promise<void> {
  const quitting = new AbortController();
  const ending = new AbortController();
  const [quit, over] = [quitting.signal, ending.signal];
  using view = openView(context, { quit: () => quitting.abort() });
  const worked = work({ context, view, quit, over }).then(() => {
    if (!quit.aborted) return context.output.end();
  });
  worked.catch(() => {}); // Failures after quitting do not matter.
  try {
    await context.unlessInterrupted(
      Promise.race([worked, quitAndReported(context, quit)]),
    );
  } finally {
    ending.abort();
  }
  if (quit.aborted) await context.output.abort();
}

/**
 * Plays one song, unless the user has quit.
 *
 * @param shown The song's tags, if known when it begins to play, and its controls.
 */
export async function play(
  { view, quit }: Player,
  playback: Playback,
  fromSeconds?: number,
  shown: { tags?(): ShownTags | undefined; controls?: Controls } = {},
): Promise<void> {
  if (quit.aborted) return;
  const skip = () => playback.skip();
  quit.addEventListener("abort", skip);
  playback.listen({
    started: (state, player) => view.start(state, player, shown.tags?.()),
    volume: (percent) => view.volume(percent),
  });
  view.control(shown.controls ?? playback);
  try {
    view.end(await playback.run(fromSeconds));
  } finally {
    view.control(null);
    quit.removeEventListener("abort", skip);
  }
}

async function quitAndReported(
  { clock }: ClientContext,
  quit: AbortSignal,
): Promise<void> {
  await aborted(quit);
  await clock.sleep(QUIT_MS);
}
