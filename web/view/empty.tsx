/**
 * What is shown where there is nothing: a picture, a sentence, and a button where
 * something can be done.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import type { App } from "../model/app.ts";
import { addressOf, type PlaceName } from "../model/place.ts";
import { TEXTS } from "../model/texts.ts";
import { UploadButton } from "./upload_list.tsx";

export function Empty(
  { children, label }: { label: string; children?: ComponentChildren },
): JSX.Element {
  return (
    <div class="empty">
      <svg viewBox="0 0 96 96" aria-hidden="true">
        <path d="M14 46v4a3 3 0 0 0 6 0v-4a3 3 0 0 0-6 0zm14-10v24a3 3 0 0 0 6 0V36a3 3 0 0 0-6 0zm14-14v52a3 3 0 0 0 6 0V22a3 3 0 0 0-6 0zm14 8v36a3 3 0 0 0 6 0V30a3 3 0 0 0-6 0zm14 10v16a3 3 0 0 0 6 0V40a3 3 0 0 0-6 0z" />
      </svg>
      <p>{label}</p>
      {children}
    </div>
  );
}

/** What was here is gone: leads to all that are left. */
export function Gone(
  { label, to, children }: { label: string; to: PlaceName; children: string },
): JSX.Element {
  return (
    <Empty label={label}>
      <a class="button" href={addressOf({ name: to, what: "" })}>{children}</a>
    </Empty>
  );
}

/** A server without songs. */
export function NothingYet({ app }: { app: App }): JSX.Element {
  if (!app.mayAdd.value) return <Empty label={TEXTS.songs.noneReadOnly} />;
  return (
    <Empty label={TEXTS.songs.none}>
      <UploadButton app={app} label={TEXTS.add.choose} />
    </Empty>
  );
}
