/**
 * Reports when the server is lost and when it is back.
 *
 * @module
 */

import type { Link } from "../client/link.ts";
import type { PlaybackView } from "./playback_view.ts";

/** Reports the changes of a link in a view. */
export function tellServer(link: Link, view: PlaybackView): void {
  link.onAway = ({ code, message }) =>
    view.note(
      `server away, trying again (${message})`,
      { event: "away", code, message },
    );
  link.onBack = ({ server, you }) =>
    view.note(`server back: ${server}`, { event: "back", server, you });
}
