/**
 * The handlers of messages that need no session, so that other programs can send
 * them over HTTP as well.
 *
 * @module
 */

import type { Answer, RequestType, ToServer } from "../wire/messages.ts";
import type { Caller } from "./caller.ts";
import { controlAll } from "./cast.ts";
import { rowsCost } from "./cost.ts";
import type { PassedType } from "./elsewhere.ts";
import { editQueue, listEntries, listGroups } from "./group_requests.ts";
import {
  listAlbums,
  listArtists,
  listPlaylists,
  listSongs,
} from "./list_songs.ts";
import {
  castSong,
  groupDevices,
  moveGroup,
  queueSongs,
  ungroupDevices,
} from "./queue_requests.ts";
import { renameSong } from "./song_requests.ts";

type Handle<K extends RequestType> = (
  caller: Caller,
  message: ToServer<K>,
) => Answer<K> | Promise<Answer<K>>;

/** The types of these messages. */
export type CallerRequestType =
  | "list"
  | "albums"
  | "artists"
  | "playlists"
  | "cast"
  | "control"
  | "queue"
  | "group"
  | "ungroup"
  | "move"
  | "groups"
  | "entries"
  | "edit"
  | "rename"
  | "online";

/** Passes on what is meant for other servers. */
function passed<K extends PassedType>(handle: Handle<K>): Handle<K> {
  return (caller, message) =>
    caller.hub.elsewhere?.pass(
      caller,
      message,
      (here) => handle(caller, here),
    ) ?? handle(caller, message);
}

/** Message type → its handler. */
export const CALLER_REQUESTS: { [K in CallerRequestType]: Handle<K> } = {
  list: listSongs,
  albums: listAlbums,
  artists: listArtists,
  playlists: listPlaylists,
  cast: passed(castSong),
  control: passed(controlAll),
  queue: passed(queueSongs),
  group: passed(groupDevices),
  ungroup: passed(ungroupDevices),
  move: passed(moveGroup),
  groups: listGroups,
  entries: passed(listEntries),
  edit: passed(editQueue),
  rename: renameSong,
  online(caller, { watch, after, limit }) {
    const { hub, rateLimit } = caller;
    if (watch !== undefined) caller.watch("online", watch);
    const { rows, more, total } = hub.online(after, limit);
    rateLimit.spend(rowsCost(rows.length));
    return { clients: rows, more, total };
  },
};
