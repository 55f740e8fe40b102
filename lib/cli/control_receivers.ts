/**
 * Controls of single receivers, at a server without groups: `pause`, `resume`,
 * `stop`, `seek`, `volume`.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { listOnline } from "../client/online_list.ts";
import { listSongs } from "../client/song_list.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { ControlAction, OnlineClient } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import { type ControlOptions, doneText } from "./control_text.ts";
import { failIfRefused, findReceiver, type Refused } from "./receivers.ts";

/** How long to wait for the first report of a receiver that has just started. */
const REPORT_MS = 2_000;
const POLL_MS = 100;
/** Highest volume, in percent. */
const MAX_VOLUME = 100;

/** Sends a control to receivers, and fails if any of them refused it. */
export async function controlReceivers(
  context: ClientContext,
  action: ControlAction,
  { to, amount }: ControlOptions & { to: string[] },
): Promise<void> {
  const session = await context.link.session();
  const controls = await context.unlessInterrupted(
    amount?.relative
      ? controlEach(context, session, action, to, amount.value)
      : controlAll(session, action, to, amount?.value),
  );
  const reached = controls.flatMap((control) => control.to);
  const refused = controls.flatMap((control) => control.refused);
  const values = controls.flatMap(({ value }) => value ?? []);
  if (context.options.json) {
    context.printJson({
      event: action,
      to: reached,
      refused,
      ...(values.length > 0 && { values }),
    });
  }
  for (const { name, value } of controls) {
    if (!name) continue;
    const values = value === undefined ? [] : [value];
    context.say(`${name}: ${doneText(action, { amount }, values)}`);
  }
  const what = action === "volume" ? "set the volume" : action;
  failIfRefused(what, refused, reached.length + refused.length);
}

interface Controlled {
  to: string[];
  refused: Refused[];
  value?: number;
  name?: string;
}

async function controlAll(
  session: ClientSession,
  action: ControlAction,
  wanted: string[],
  value: number | undefined,
): Promise<Controlled[]> {
  const { to = [], refused = [] } = await session.request({
    type: "control",
    action,
    to: wanted,
    ...(value !== undefined && { value }),
  });
  const done = wanted.filter((it) => !refused.some(({ to }) => to === it));
  return [{ to, refused, name: done.join(", ") }];
}

/** Applies a relative value to each receiver's own state. */
async function controlEach(
  context: ClientContext,
  session: ClientSession,
  action: ControlAction,
  wanted: string[],
  by: number,
): Promise<Controlled[]> {
  const controls: Controlled[] = [];
  for (const word of new Set(wanted)) {
    try {
      const { client, value } = await move(
        ...[context.clock, session, action, word, by] as const,
      );
      const [control] = await controlAll(session, action, [client.key], value);
      controls.push({ ...control, value, name: client.name });
    } catch (thrown) {
      const { code, message } = toOndacastError(thrown);
      if (session.failure || wanted.length === 1) throw thrown;
      controls.push({ to: [], refused: [{ to: word, code, message }] });
    }
  }
  return controls;
}

async function move(
  clock: Clock,
  session: ClientSession,
  action: ControlAction,
  word: string,
  by: number,
): Promise<{ client: OnlineClient; value: number }> {
  const field = action === "seek" ? "position" : "volume";
  const untilMs = clock.now() + REPORT_MS;
  while (true) {
    const client = findReceiver(await listOnline(session), word);
    const isIdle = client.state.song === undefined;
    // An idle receiver reports its volume only after a change.
    const assumed = field === "volume" && isIdle ? MAX_VOLUME : undefined;
    const now = client.state[field] ?? assumed;
    if (now !== undefined) {
      const most = action === "seek"
        ? await lengthOf(session, client.state.song)
        : MAX_VOLUME;
      return { client, value: Math.min(Math.max(0, now + by), most) };
    }
    if (isIdle || clock.now() >= untilMs) {
      throw new OndacastError(
        "stale",
        isIdle
          ? `Cannot seek relatively on "${word}": it is not playing`
          : `Cannot determine the ${field} of "${word}". Give a value without + or -`,
      );
    }
    await clock.sleep(POLL_MS);
  }
}

/** A song's length in seconds; infinite if unknown. */
async function lengthOf(
  session: ClientSession,
  song: string | undefined,
): Promise<number> {
  const songs = await listSongs(session, song);
  return songs.find(({ name }) => name === song)?.seconds ?? Infinity;
}
