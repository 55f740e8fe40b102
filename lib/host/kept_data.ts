/**
 * What a server keeps in its data folder: the tables of its database, and groups.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { getLogger } from "@logtape/logtape";
import { errorText } from "../errors.ts";
import { GroupDatabase } from "../io/groups/group_database.ts";
import { SongIndex } from "../io/songs/song_index.ts";
import type { GroupStore } from "../ports/group_store.ts";
import { UnkeptGroups } from "../server/groups/unkept_groups.ts";
import { AdmittedTable } from "./admitted_table.ts";
import { WaveformTable } from "./waveform_table.ts";

const log = getLogger(["ondacast", "server"]);

/** Creates the server's database tables. */
export function makeTables(db: DatabaseSync): void {
  new SongIndex(db, 0);
  new AdmittedTable(db);
  new WaveformTable(db);
}

/**
 * Opens the store of groups. Never fails: without a database the server works,
 * and says so in its log.
 */
export async function openGroups(folder: string | null): Promise<GroupStore> {
  if (folder === null) return new UnkeptGroups();
  try {
    const groups = await GroupDatabase.open(
      folder,
      (error) =>
        log.warn("cannot save the queues: {error}", {
          error: errorText(error),
        }),
    );
    if (groups.note !== null) log.warn("{note}", { note: groups.note });
    return groups;
  } catch (error) {
    log.warn("queues are in memory only: {error}", { error: errorText(error) });
    return new UnkeptGroups();
  }
}
