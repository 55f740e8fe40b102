/**
 * Tells people and programs when the server is lost and when it is back.
 *
 * @module
 */

import type { Link } from "../client/link.ts";
import type { PlaybackView } from "./playback_view.ts";

/** From now on a view tells what becomes of a link. */
export function tellServer(link: Link, view: PlaybackView): void {
  link.onAway = ({ code, message }) =>
    view.note(
      `server away, trying again (${message})`,
      { event: "away", code, message },
    );
  link.onBack = ({ server, you }) =>
    view.note(`server back: ${server}`, { event: "back", server, you });
}
