/**
 * A text that somebody else has chosen, such as the name of a song or of a
 * device: shown so that it can neither hide anything nor reorder what is
 * around it.
 *
 * @module
 */

import type { JSX } from "preact";
import { safeText } from "../../lib/safe_text.ts";
import type { Words } from "../model/notices.ts";

/** A foreign text on its own. */
export function Name({ of: text }: { of: string }): JSX.Element {
  return <bdi>{safeText(text)}</bdi>;
}

/** A text of ours with foreign ones in it. */
export function Sentence({ words }: { words: Words }): JSX.Element {
  return (
    <span>
      {words.map((word, i) =>
        typeof word === "string"
          ? safeText(word)
          : <Name key={i} of={word.name} />
      )}
    </span>
  );
}
