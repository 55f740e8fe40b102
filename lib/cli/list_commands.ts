/**
 * `ondacast list` and `ondacast online`: songs and clients.
 *
 * @module
 */

import { describeFormat } from "../audio/format.ts";
import { listTagged } from "../client/library_lists.ts";
import { listOnline } from "../client/online_list.ts";
import { listSongs } from "../client/song_list.ts";
import { Notify } from "../client/notify.ts";
import type { ClientSession } from "../client/client_session.ts";
import { knows } from "../client/server_features.ts";
import { Keyboard } from "../io/console/keyboard.ts";
import { Screen } from "../io/console/terminal.ts";
import { isSelection } from "../model/selection.ts";
import { songProblem } from "../model/song_problem.ts";
import { sortNaturally } from "../model/natural_order.ts";
import type { OnlineClient, SongRow, ToClient } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { every } from "./every.ts";
import { albumLines } from "./library_commands.ts";
import { asksByKeys } from "./prompts.ts";
import { clockTime, fit, table } from "./text.ts";

/** How often positions are redrawn, in milliseconds. */
const DRAW_MS = 1_000;
/** The most clients shown in a terminal. */
const MAX_LIVE_ROWS = 20;
/** Narrower terminals omit addresses to leave room for names. */
const NARROW = 50;

/** The keys that end the live view. */
const ENDS_WATCHING = ["q", "escape", "interrupt", "end", "enter"];

/** Prints the songs that match a text, or those of a selection. */
export async function listCommand(
  context: ClientContext,
  text: string | undefined,
): Promise<void> {
  const session = await context.link.session();
  const selects = text !== undefined && isSelection(text);
  const { json, quiet } = context.options;
  const grouped = asksByKeys(context) && !quiet &&
    await context.unlessInterrupted(knows(session, "tags"));
  const songs = await context.unlessInterrupted(
    selects
      ? listTagged(session, { selection: text })
      : grouped
      ? listTagged(session, { match: text, sort: "album" })
      : listSongs(session, text),
  );
  if (json) return context.printJson(songs);
  const lines = grouped ? albumLines(songs, context.columns) : table(
    (selects ? songs : songsInOrder(songs)).map(songCells),
    context.columns,
  );
  for (const line of lines) context.say(line);
  if (songs.length === 0) {
    context.say(
      text
        ? `no song has "${text}" in its name`
        : "the server has no songs yet",
    );
  }
}

/** Shows the connected clients: once, at every change, or live in a terminal. */
export async function onlineCommand(
  context: ClientContext,
  { follow = false }: { follow?: boolean } = {},
): Promise<void> {
  const session = await context.link.session();
  const { key } = await context.unlessInterrupted(session.welcome);
  if (asksByKeys(context) && !context.options.quiet) {
    return await watchOnline(context, session, key);
  }
  const show = async () => {
    const clients = await context.unlessInterrupted(listOnline(session));
    if (context.options.json) return context.printJson(clients);
    for (const line of clientLines(clients, key, context.columns)) {
      context.say(line);
    }
  };
  if (follow) await atEachChange(context, session, show);
  else await show();
}

/** Runs work now and at every change of the clients, until interrupted. */
async function atEachChange(
  context: ClientContext,
  session: ClientSession,
  work: () => Promise<void>,
): Promise<void> {
  const changed = new Notify();
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => {}); // It may come after an interrupt.
  session.listen({
    online: () => changed.notify(),
    closed: (error) => closed.reject(error),
  }, context.signal);
  const request = { type: "online", limit: 1, watch: true } as const;
  await context.unlessInterrupted(session.request(request));
  while (true) {
    await work();
    await context.unlessInterrupted(
      Promise.race([changed.notified(), closed.promise]),
    );
    context.say("");
  }
}

/** Redraws the clients at every change and every second, until `q`. */
async function watchOnline(
  context: ClientContext,
  session: ClientSession,
  key: string,
): Promise<void> {
  const over = Promise.withResolvers<void>();
  using screen = new Screen();
  using _keyboard = new Keyboard((pressed) => {
    if (ENDS_WATCHING.includes(pressed)) over.resolve();
  });
  let page: ToClient<"online"> | null = null;
  let shownAtMs = 0;
  const draw = () => {
    if (page === null) return;
    const passed = (context.clock.now() - shownAtMs) / 1000;
    const cells = clientsInOrder(page.clients)
      .map((client) => clientCells(client, key, screen.columns, passed));
    const most = Math.min(MAX_LIVE_ROWS, screen.rows - 3);
    const lines = table(cells, screen.columns).slice(0, Math.max(1, most));
    const hidden = page.total - lines.length;
    screen.show([
      ...lines,
      ...(hidden > 0 ? [`… and ${hidden} more`] : []),
      "q: back",
    ].map((line) => fit(line, screen.columns - 1)));
  };
  const show = (news: ToClient<"online">) => {
    page = news;
    shownAtMs = context.clock.now();
    draw();
  };
  const watching = new AbortController();
  session.listen({
    online: show,
    closed: (error) => over.reject(error),
  }, watching.signal);
  every(DRAW_MS, context.clock, watching.signal, draw);
  try {
    session.request({ type: "online", watch: true }).then(show, over.reject);
    await context.unlessInterrupted(over.promise);
  } finally {
    watching.abort();
    // A server that hangs must not hold back the user.
    session.request({ type: "online", limit: 1, watch: false }).catch(() => {});
  }
}

/** Songs in natural order. */
export function songsInOrder<T extends { name: string }>(songs: T[]): T[] {
  return sortNaturally(songs, ({ name }) => name);
}

/** Clients as lines of a table, in the order of their names. */
export function clientLines(
  clients: readonly OnlineClient[],
  self: string,
  columns?: number,
): string[] {
  return table(
    clientsInOrder(clients).map((client) => clientCells(client, self, columns)),
    columns,
  );
}

/** Clients in the order of their names, those of one name by address. */
export function clientsInOrder(
  clients: readonly OnlineClient[],
): OnlineClient[] {
  return sortNaturally(clients, ({ name, id }) => `${name}\n${id}`);
}

/** A song as cells of a table: name, length, and format or problem. */
export function songCells(song: SongRow): string[] {
  return [
    song.name,
    song.seconds === null ? "" : clockTime(song.seconds),
    song.format === null ? songProblem(song) : describeFormat(song.format),
  ];
}

/** A client as cells of a table: address, name, activity. */
export function clientCells(
  client: OnlineClient,
  self: string,
  columns = Infinity,
  passedSeconds = 0,
): string[] {
  return [
    ...(columns < NARROW ? [] : [client.id]),
    client.name + (client.key === self ? " (this one)" : ""),
    activityText(client, passedSeconds),
  ];
}

/** Activities that need more than the word of the protocol. */
const ACTIVITIES: Record<string, string> = {
  waiting: "waiting for songs",
};

function activityText({ state }: OnlineClient, passedSeconds: number): string {
  const { doing, song, position, volume, problem } = state;
  const by = doing === "playing" ? passedSeconds : 0;
  return [
    song === undefined ? ACTIVITIES[doing] ?? doing : `${doing} ${song}`,
    ...(position === undefined ? [] : [`at ${clockTime(position + by)}`]),
    ...(volume === undefined || volume >= 100
      ? []
      : [`(volume ${Math.round(volume)})`]),
    ...(problem ? [`- ${problem}`] : []),
  ].join(" ");
}
