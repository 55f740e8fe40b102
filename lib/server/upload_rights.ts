/**
 * Who may store songs, and replace them (docs/permissions.md).
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Caller } from "./caller.ts";
import type { UploadRights } from "./upload_receiver.ts";

export function uploadRights(
  { hub, isLocal }: Pick<Caller, "hub" | "isLocal">,
  song: string,
): UploadRights {
  const { readOnly, token } = hub.options;
  return {
    mayUpload() {
      if (!readOnly) return;
      throw new OndacastError(
        "read-only",
        "Cannot store songs: the server was started with --read-only",
      );
    },
    mayReplace() {
      if (token !== null || isLocal) return;
      throw new OndacastError(
        "read-only",
        `Cannot replace ${song}: without a token only clients on the server's machine may`,
      );
    },
  };
}
