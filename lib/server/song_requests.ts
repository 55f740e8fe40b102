/**
 * The handlers of messages that change songs of the folder, for callers who may
 * replace them.
 *
 * @module
 */

import { checkSongName } from "../model/song_name.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import type { Caller } from "./caller.ts";
import { COST } from "./cost.ts";
import { uploadRights } from "./upload_rights.ts";

type Handle<K extends "remove" | "restore"> = (
  caller: Caller,
  message: ToServer<K>,
) => Promise<Answer<K>>;

/** The handlers that need a session. */
export const SONG_REQUESTS: {
  [K in "remove" | "restore"]: Handle<K>;
} = {
  async remove(caller, { song: name, etag }) {
    allowChange(caller, name);
    return { song: await caller.hub.songs.remove(checkSongName(name), etag) };
  },

  async restore(caller, { song: name }) {
    allowChange(caller, name);
    const { name: song, etag } = await caller.hub.songs
      .restore(checkSongName(name));
    return { song, etag };
  },
};

/** Renames a song. Queues that name it as before follow. */
export async function renameSong(
  caller: Caller,
  { song: name, name: to }: ToServer<"rename">,
): Promise<Answer<"rename">> {
  allowChange(caller, name);
  const { hub } = caller;
  const { name: song, etag } = await hub.songs.rename(checkSongName(name), to);
  hub.renamed([song]);
  return { song, etag };
}

/** Charges for a change. @throws {OndacastError} `read-only`. */
function allowChange(caller: Caller, song: string): void {
  caller.rateLimit.spend(COST.upload);
  const rights = uploadRights(caller, song);
  rights.mayUpload();
  rights.mayReplace();
}
