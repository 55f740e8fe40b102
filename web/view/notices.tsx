/**
 * The notices, each with a button if there is something to do about it: above the
 * player, or on the screen of the playing song while that covers the page.
 *
 * @module
 */

import type { JSX } from "preact";
import type { App } from "../model/app.ts";
import { actOn, dismiss, notices } from "../model/notices.ts";
import { IconButton } from "./icon_button.tsx";
import { useKeptFocus } from "./kept_focus.ts";
import { Sentence } from "./name.tsx";
import { TEXTS } from "../model/texts.ts";

export function Notices(
  { app, isOver }: {
    app: App;
    /** Whether these are on the screen of the playing song. */
    isOver: boolean;
  },
): JSX.Element | null {
  // What a modal dialog covers can neither be pressed nor read out.
  const isCovered = app.overlays.open.value
    .some(({ kind }) => kind === "playing");
  return isCovered === isOver ? <List /> : null;
}

function List(): JSX.Element {
  const list = useKeptFocus<HTMLDivElement>();
  return (
    <div ref={list} class="notices" role="status">
      {notices.value.map((notice) => (
        <p key={notice.id}>
          <Sentence words={notice.words} />
          {notice.action && (
            <button type="button" onClick={() => actOn(notice)}>
              {notice.action.label}
            </button>
          )}
          <IconButton
            icon="close"
            label={TEXTS.dialog.dismiss}
            onClick={() => dismiss(notice)}
          />
        </p>
      ))}
    </div>
  );
}
