/**
 * `ondacast list` and `ondacast online`: what there is, and who.
 *
 * @module
 */

import { describeFormat } from "../audio/format.ts";
import { listSongs } from "../client/song_list.ts";
import type { ClientSession } from "../client/client_session.ts";
import { Keyboard, Screen } from "../io/terminal.ts";
import type { OnlineClient, SongRow, ToClient } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { asksByKeys } from "./prompts.ts";
import { safeText } from "../safe_text.ts";
import { clockTime, fit, table } from "./text.ts";

/** Rows that a terminal shows of who is online. */
const MAX_LIVE_ROWS = 20;

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

/** Shows who is connected: once, or live in a terminal. */
export async function onlineCommand(context: ClientContext): Promise<void> {
  const session = await context.link.session();
  const { key } = await context.unlessInterrupted(session.welcome);
  if (asksByKeys(context) && !context.options.quiet) {
    return await watchOnline(context, session, key);
  }
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
  for (const line of table(clients.map((client) => clientCells(client, key)))) {
    context.say(line);
  }
}

/** Redraws who is online at every change and every second, until `q`. */
async function watchOnline(
  context: ClientContext,
  session: ClientSession,
  key: string,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  using screen = new Screen();
  using _keyboard = new Keyboard((pressed) => {
    if (["q", "escape", "interrupt", "enter"].includes(pressed)) over.resolve();
  });
  let page: ToClient<"online"> | null = null;
  let toldMs = 0;
  const draw = () => {
    if (page === null) return;
    const passed = (performance.now() - toldMs) / 1000;
    const rows = page.clients.map((client) => clientCells(client, key, passed));
    const lines = table(rows).slice(0, MAX_LIVE_ROWS);
    const hidden = page.total - lines.length;
    screen.show([
      ...lines,
      ...(hidden > 0 ? [`… and ${hidden} more`] : []),
      "q: back",
    ].map((line) => fit(line, screen.columns - 1)));
  };
  const take = (news: ToClient<"online">) => {
    page = news;
    toldMs = performance.now();
    draw();
  };
  session.listener = {
    message: (message) => {
      if (message.type === "online") take(message);
    },
    closed: (error) => over.reject(error),
  };
  const timer = setInterval(draw, 1000);
  try {
    take(await session.request({ type: "online", watch: true }));
    await context.unlessInterrupted(over.promise);
  } finally {
    clearInterval(timer);
    session.listener = {};
    if (!session.failure) {
      await session.request({ type: "online", limit: 1, watch: false });
    }
  }
}

/** A song as cells of a table: name, length, format or what is wrong. */
export function songCells(song: SongRow): string[] {
  return [
    safeText(song.name),
    song.seconds === null ? "" : clockTime(song.seconds),
    song.format === null
      ? `cannot be played: ${safeText(song.problem ?? "")}`
      : describeFormat(song.format),
  ];
}

/** A client as cells of a table: address, name, what it does by now. */
export function clientCells(
  client: OnlineClient,
  self: string,
  passedSeconds = 0,
): string[] {
  return [
    client.id,
    safeText(client.name) + (client.key === self ? " (this one)" : ""),
    activityText(client, passedSeconds),
  ];
}

function activityText({ state }: OnlineClient, passedSeconds: number): string {
  const { doing, song, position } = state;
  if (song === undefined) return doing;
  if (position === undefined) return `${doing} ${safeText(song)}`;
  const by = doing === "playing" ? passedSeconds : 0;
  return `${doing} ${safeText(song)} at ${clockTime(position + by)}`;
}
