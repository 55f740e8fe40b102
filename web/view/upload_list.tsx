/**
 * The files that are sent to the server, and the place to drop them, which is
 * the whole page.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../model/app.ts";
import type { Upload } from "../model/uploads.ts";
import { bytesText } from "../model/words.ts";
import { Icon } from "./icons.tsx";

/** How far each file has come, or why it was refused. */
export function UploadList({ app }: { app: App }): JSX.Element | null {
  const { rows } = app.uploads;
  if (rows.value.length === 0) return null;
  return (
    <ul class="uploads" aria-label="Uploads">
      {rows.value.map((upload) => (
        <Row key={upload.id} app={app} upload={upload} />
      ))}
    </ul>
  );
}

function Row({ app, upload }: { app: App; upload: Upload }): JSX.Element {
  const { id, song, bytes, sentBytes, outcome } = upload;
  const refused = outcome !== null && outcome !== "stored";
  return (
    <li class={refused ? "refused" : ""}>
      <div class="about">
        <span class="title">{song}</span>
        <span class="detail" role={refused ? "alert" : undefined}>
          {refused
            ? outcome.message
            : outcome === "stored"
            ? `stored, ${bytesText(bytes)}`
            : `${bytesText(sentBytes)} of ${bytesText(bytes)}`}
        </span>
        {outcome === null && (
          <progress
            aria-label={`Upload of ${song}`}
            max={bytes || 1}
            value={sentBytes}
          />
        )}
      </div>
      {refused && outcome.code === "exists" && (
        <button
          type="button"
          onClick={() => app.uploads.replace(upload)}
        >
          Replace
        </button>
      )}
      {outcome !== null && (
        <button
          type="button"
          class="plain"
          aria-label={`Dismiss ${song}`}
          onClick={() => app.uploads.dismiss(id)}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}

/** The button for those who do not drag. */
export function UploadButton({ app }: { app: App }): JSX.Element {
  return (
    <label class="button">
      <Icon name="upload" />
      <span>Upload</span>
      <input
        type="file"
        class="hidden"
        aria-label="Upload WAV files"
        accept=".wav,.wave,audio/wav,audio/x-wav"
        multiple
        onChange={({ currentTarget }) => {
          app.uploads.add(currentTarget.files ?? []);
          currentTarget.value = "";
        }}
      />
    </label>
  );
}

/** Takes files that are dropped anywhere. */
export function DropZone({ app }: { app: App }): JSX.Element | null {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const hasFiles = ({ dataTransfer }: DragEvent) =>
      dataTransfer?.types.includes("Files") ?? false;
    document.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    }, { signal });
    document.addEventListener("dragleave", ({ relatedTarget }) => {
      if (relatedTarget === null) setOver(false);
    }, { signal });
    document.addEventListener("drop", (event) => {
      setOver(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      app.uploads.add(event.dataTransfer?.files ?? []);
    }, { signal });
    return () => abort.abort();
  }, []);
  return over ? <div class="drop">Drop WAV files to upload them</div> : null;
}
