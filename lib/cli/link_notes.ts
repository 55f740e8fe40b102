/**
 * Notes for the user when the server is lost, and when it is back.
 *
 * @module
 */

import type { Link } from "../client/link.ts";
import type { PlaybackView } from "./playback_view.ts";

/** Shows the notes of a link, until the signal is aborted. */
export function showLinkNotes(
  link: Link,
  view: Pick<PlaybackView, "note">,
  until?: AbortSignal,
): void {
  link.listen({
    away: ({ code, message }) =>
      view.note(
        `server away, trying again (${message})`,
        { event: "away", code, message },
      ),
    back: ({ server, you }) =>
      view.note(`server back: ${server}`, { event: "back", server, you }),
  }, until);
}
