/**
 * `ondacast receive`: this machine as a speaker for others.
 *
 * @module
 */

import type { PcmFormat } from "../audio/format.ts";
import { groupRow } from "../client/group_list.ts";
import { songRow } from "../client/library_lists.ts";
import { Receiver } from "../client/receiver.ts";
import type { QueuedEntry } from "../client/own_group.ts";
import { wallMs } from "../io/clock/clock.ts";
import { openResampler } from "../io/sinks/open_resampler.ts";
import { requirePlayer } from "../io/sinks/find_player.ts";
import { gainFactor, type GainMode } from "../model/gain.ts";
import type { ClientContext } from "./client_context.ts";
import { entryText } from "./group_text.ts";
import { openView } from "./open_view.ts";
import { keepReceived } from "./take_server.ts";
import { showLinkNotes } from "./link_notes.ts";
import { type PlaybackView, tagLine } from "./playback_view.ts";

/** How long an ending song may take to report it. */
const QUIT_MS = 300;

/** The options of `receive`. */
interface ReceiveOptions {
  gain?: GainMode;
  /** Of the player in a group of several. */
  layout?: PcmFormat;
}

/** Waits for songs until the user or the system ends it. */
export async function receiveCommand(
  context: ClientContext,
  options: ReceiveOptions = {},
): Promise<void> {
  try {
    context.autoOrder = "step";
    await requirePlayer(context.options.player, context.autoOrder);
    await context.keepDevice();
    await context.meetServer();
    await receive(context, options);
  } catch (error) {
    // A service that stops on request has not failed.
    if (!context.isTerminated) throw error;
  } finally {
    await context.output.abort();
    context.autoOrder = "play";
  }
}

async function receive(
  context: ClientContext,
  { gain = "off", layout }: ReceiveOptions,
): Promise<void> {
  let ended = Promise.withResolvers<void>();
  ended.resolve();
  using view = openView(
    context,
    { quit: () => receiver.stop(), idleHint: "q: stop waiting" },
  );
  const receiver = new Receiver({
    link: context.link,
    output: context.output,
    ...(gain !== "off" && {
      gainOf: async (song: string) =>
        gainFactor((await rowOf(context, song))?.gain, gain),
    }),
    // A file or a pipe gets songs as they come, at no time of their own.
    ...(context.isHeard && { step: { openResampler, wallMs, layout } }),
    // A closed pipe cannot be reopened.
    outlivesPlayer: !context.wordsToStderr,
    listener: {
      waiting: ({ you, server, serverId }) => {
        keepReceived(context, { server, serverId });
        view.control(null);
        view.note(
          `waiting for songs at ${server}, as ${you}`,
          { event: "waiting", server, you },
        );
      },
      start: (playback, state, player) => {
        ended = Promise.withResolvers();
        view.start(state, player);
        view.control(receiver.controlsOf(playback));
        showTags(context, view, state.song);
        const queued = receiver.queued(playback);
        if (queued) showGroup(context, view, queued);
      },
      end: (summary) => {
        view.end(summary);
        ended.resolve();
      },
      volume: (percent, muted) => view.volume(percent, muted),
      problem: (error) => view.problem(error),
      recovered: () => view.note("playing again", { event: "recovered" }),
    },
  });
  showLinkNotes(context.link, view);
  try {
    await receiver.run();
  } finally {
    // Shows the report of a song's end.
    await Promise.race([ended.promise, context.clock.sleep(QUIT_MS)]);
  }
}

/** Shows title, artist and album of a song once the server has sent them. */
async function showTags(
  context: ClientContext,
  view: PlaybackView,
  song: string,
): Promise<void> {
  const { title, artist, album } = await rowOf(context, song) ?? {};
  const line = tagLine({ title, artist, album });
  if (line === "") return;
  view.note(line, { event: "tags", song, title, artist, album });
}

/** Shows with which devices it plays, and what comes next. */
async function showGroup(
  { link }: ClientContext,
  view: PlaybackView,
  { group: id, entry }: QueuedEntry,
): Promise<void> {
  try {
    const session = await link.session();
    const { key } = await session.welcome;
    const [group, { entries: [next] }] = await Promise.all([
      groupRow(session, id),
      session.request({ type: "entries", group: id, after: entry, limit: 1 }),
    ]);
    if (!group) return;
    const others = group.devices.filter((it) => it.key !== key)
      .map(({ name }) => name);
    const texts = [
      ...(others.length > 0 ? [`in step with ${others.join(", ")}`] : []),
      ...(next ? [`next: ${entryText(next)}`] : []),
    ];
    if (texts.length === 0) return;
    view.note(`  ${texts.join("; ")}`, {
      ...{ event: "queue", group: group.group, name: group.name },
      devices: group.devices.map(({ name }) => name),
      songs: group.songs,
      ...(next && { next: next.song }),
    });
  } catch {
    // The song plays without it.
  }
}

/** The row of exactly this song. */
function rowOf({ link }: ClientContext, song: string) {
  return songRow(link, `song:${song}`);
}
