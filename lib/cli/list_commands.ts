/**
 * `ondacast list` and `ondacast online`: what there is, and who.
 *
 * @module
 */

import { describeFormat } from "../audio/format.ts";
import { listSongs } from "../client/song_list.ts";
import type { OnlineClient, SongRow } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { clockTime, oneLine, table } from "./text.ts";

/** Prints the songs. */
export async function listCommand(
  context: ClientContext,
  match: string | undefined,
): Promise<void> {
  const session = await context.link.session();
  const songs = await context.unlessInterrupted(listSongs(session, match));
  if (context.options.json) return context.tellJson(songs);
  for (const line of table(songs.map(songCells))) context.say(line);
  if (songs.length === 0) {
    context.say(
      match
        ? `no song has "${match}" in its name`
        : "the server has no songs yet",
    );
  }
}

/** Prints who is connected. */
export async function onlineCommand(context: ClientContext): Promise<void> {
  const session = await context.link.session();
  const clients: OnlineClient[] = [];
  let more = true;
  while (more) {
    const page = await context.unlessInterrupted(session.request({
      type: "online",
      ...(clients.length > 0 && { after: clients[clients.length - 1].key }),
    }));
    clients.push(...page.clients);
    more = page.more && page.clients.length > 0;
  }
  if (context.options.json) return context.tellJson(clients);
  const { key } = await session.welcome;
  for (const line of table(clients.map((client) => clientCells(client, key)))) {
    context.say(line);
  }
}

/** A song as cells of a table: name, length, format or what is wrong. */
export function songCells(song: SongRow): string[] {
  return [
    oneLine(song.name),
    song.seconds === null ? "" : clockTime(song.seconds),
    song.format === null
      ? `cannot be played: ${oneLine(song.problem ?? "")}`
      : describeFormat(song.format),
  ];
}

function clientCells(client: OnlineClient, self: string): string[] {
  return [
    client.id,
    oneLine(client.name) + (client.key === self ? " (this one)" : ""),
    activityText(client),
  ];
}

function activityText({ state }: OnlineClient): string {
  if (state.song === undefined) return state.doing;
  const at = state.position === undefined
    ? ""
    : ` at ${clockTime(state.position)}`;
  return `${state.doing} ${oneLine(state.song)}${at}`;
}
