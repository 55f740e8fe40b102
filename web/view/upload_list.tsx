/**
 * The uploads, and the drop zone, which is the whole page.
 *
 * @module
 */

import type { JSX } from "preact";
import { FILE_KINDS } from "../../lib/audio/file_kinds.ts";
import { safeText } from "../../lib/safe_text.ts";
import {
  DROP_LIMITS,
  type Dropped,
  droppedFiles,
} from "../io/dropped_files.ts";
import type { App } from "../model/app.ts";
import { notify } from "../model/notices.ts";
import type { Upload } from "../model/uploads.ts";
import { bytesText } from "../model/words.ts";
import { IconButton } from "./icon_button.tsx";
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { usePageDrop } from "./page_drop.ts";
import { TEXTS } from "../model/texts.ts";

/** Most visible rows; beyond, stored files are left out. */
const MOST_ROWS = 200;

/** The progress of each file, or why it was refused. */
export function UploadList({ app }: { app: App }): JSX.Element | null {
  const { uploads } = app;
  const rows = uploads.rows.value;
  if (rows.length === 0) return null;
  const count = (outcome: "stored" | null) =>
    rows.filter((row) => row.outcome.value === outcome).length;
  const [stored, open] = [count("stored"), count(null)];
  const shown = rows.length <= MOST_ROWS ? rows : rows
    .filter(({ outcome }) => outcome.value !== "stored")
    .slice(0, MOST_ROWS);
  return (
    <section class="uploads" aria-label={TEXTS.add.list}>
      <div class="section-head">
        <p role="status">{TEXTS.add.stored(stored, rows.length)}</p>
        {open > 0 && (
          <button type="button" onClick={() => uploads.cancelAll()}>
            {TEXTS.add.cancelAll}
          </button>
        )}
        {open < rows.length && (
          <button
            type="button"
            onClick={() => uploads.clear()}
          >
            {TEXTS.add.clear}
          </button>
        )}
      </div>
      <ul>
        {shown.map((upload) => (
          <Row
            key={upload.id}
            app={app}
            upload={upload}
          />
        ))}
      </ul>
    </section>
  );
}

function Row({ app, upload }: { app: App; upload: Upload }): JSX.Element {
  const { uploads } = app;
  const song = safeText(upload.song);
  const outcome = upload.outcome.value;
  const refused = outcome !== null && outcome !== "stored";
  const exists = refused && outcome.code === "exists";
  const again = exists ? TEXTS.add.replace : TEXTS.add.again;
  return (
    <li class={refused ? "refused" : ""}>
      <div class="about">
        <Name class="title" of={upload.song} />
        <Progress upload={upload} />
      </div>
      {refused && !FINAL_CODES.includes(outcome.code) && (
        <button
          type="button"
          aria-label={`${again} ${song}`}
          onClick={() => uploads.again(upload, exists)}
        >
          {again}
        </button>
      )}
      <IconButton
        icon="close"
        label={`${
          outcome === null ? TEXTS.add.cancel : TEXTS.dialog.dismiss
        } ${song}`}
        onClick={() =>
          outcome === null ? uploads.cancel(upload) : uploads.dismiss(upload)}
      />
    </li>
  );
}

/** Codes of files for which another attempt is useless. */
const FINAL_CODES = ["bad-name", "not-wav", "unsupported", "too-large"];

/** A file's progress, kept apart because it changes all the time. */
function Progress({ upload }: { upload: Upload }): JSX.Element {
  const { file, outcome: { value: outcome } } = upload;
  if (outcome === "stored") {
    return <span class="detail">{TEXTS.add.size(bytesText(file.size))}</span>;
  }
  if (outcome !== null) {
    const hint = TEXTS.add.hints[outcome.code];
    return (
      <span role="alert">
        {hint && <span class="problem">{hint}</span>}
        <span class="detail">{safeText(outcome.message)}</span>
      </span>
    );
  }
  const sent = upload.sentBytes.value;
  return (
    <>
      <span class="detail">
        {TEXTS.add.sent(bytesText(sent), bytesText(file.size))}
      </span>
      <progress
        aria-label={TEXTS.add.progress(safeText(upload.song))}
        max={file.size || 1}
        value={sent}
      />
    </>
  );
}

/** Files that the system's dialog offers, by extension and media type. */
const ACCEPTED = Object.values(FILE_KINDS)
  .flatMap(({ endings, mediaTypes }) => [...endings, ...mediaTypes])
  .join(",");

/** The button for users who do not drag. */
export function UploadButton(
  { app, label = TEXTS.add.label }: { app: App; label?: string },
): JSX.Element {
  return (
    <label class="button">
      <Icon name="add" />
      <span>{TEXTS.add.button}</span>
      <input
        type="file"
        class="hidden"
        aria-label={label}
        accept={ACCEPTED}
        multiple
        onChange={({ currentTarget }) => {
          app.uploads.add(
            [...currentTarget.files ?? []]
              .map((file) => ({ file, path: file.name })),
          );
          currentTarget.value = "";
        }}
      />
    </label>
  );
}

/** Accepts files dropped anywhere. */
export function DropZone({ app }: { app: App }): JSX.Element | null {
  const over = usePageDrop(
    "Files",
    (data) => droppedFiles(data).then((dropped) => take(app, dropped)),
  );
  return over ? <div class="drop">{TEXTS.add.drop}</div> : null;
}

function take(app: App, { files, leftOut, cut }: Dropped): void {
  app.uploads.add(files);
  if (cut) {
    notify(TEXTS.add.tooMany(DROP_LIMITS.files, DROP_LIMITS.depth));
  }
  if (leftOut > 0) notify(TEXTS.add.leftOut(leftOut));
}
