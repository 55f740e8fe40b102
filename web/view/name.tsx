/**
 * Shows text that other people have chosen, such as the name of a song or a device,
 * so that it can neither hide anything nor reorder the text around it.
 *
 * @module
 */

import type { JSX } from "preact";
import { safeText } from "../../lib/safe_text.ts";
import type { Words } from "../model/notices.ts";

/** A foreign text alone. */
export function Name(
  { of: text, class: kind }: { of: string; class?: string },
): JSX.Element {
  return <bdi class={kind}>{safeText(text)}</bdi>;
}

/** Our own text with foreign names in it. */
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
