/**
 * Who may store songs, and replace them (docs/permissions.md).
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { SongRight } from "../wire/song_rights.ts";
import type { Caller } from "./caller.ts";
import type { UploadRights } from "./upload_receiver.ts";

type Asker = Pick<Caller, "hub" | "isLocal">;

/** What a client may do to songs, for its `welcome`. */
export function songRights(asker: Asker): SongRight[] {
  if (asker.hub.options.readOnly) return [];
  return mayReplace(asker) ? ["upload", "replace"] : ["upload"];
}

export function uploadRights(asker: Asker, song: string): UploadRights {
  return {
    mayUpload() {
      if (!asker.hub.options.readOnly) return;
      throw new OndacastError(
        "read-only",
        "Cannot store songs: the server was started with --read-only",
      );
    },
    mayReplace() {
      if (mayReplace(asker)) return;
      throw new OndacastError(
        "read-only",
        `Cannot replace ${song}: without a token only clients on the server's machine may`,
      );
    },
  };
}

function mayReplace({ hub, isLocal }: Asker): boolean {
  return hub.options.token !== null || isLocal;
}
