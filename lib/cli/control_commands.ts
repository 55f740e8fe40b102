/**
 * Commands that control receivers: `pause`, `resume`, `stop`, `seek`, `volume`.
 *
 * @module
 */

import type { ClientSession } from "../client/client_session.ts";
import { listOnline } from "../client/online_list.ts";
import { listSongs } from "../client/song_list.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import { systemClock } from "../io/clock/clock.ts";
import type { ControlAction, OnlineClient } from "../wire/messages.ts";
import type { ClientContext } from "./client_context.ts";
import type { Amount } from "./options.ts";
import { failIfRefused, findReceiver, type Refused } from "./receivers.ts";
import { clockTime } from "./text.ts";

/** The options of a control. */
export interface ControlOptions {
  to: string[];
  /** Seconds, or percent. */
  amount?: Amount;
}

/** How long to wait for the volume of a receiver that has just started. */
const TELL_MS = 2_000;
const LOOK_MS = 100;
/** Highest volume, in percent. */
const LOUDEST = 100;

/** Sends a control to receivers, and fails if any of them did not obey. */
export async function controlCommand(
  context: ClientContext,
  action: ControlAction,
  { to, amount }: ControlOptions,
): Promise<void> {
  const session = await context.link.session();
  const controls = await context.unlessInterrupted(
    amount?.relative
      ? eachByItself(session, action, to, amount.value)
      : allAlike(session, action, to, amount?.value),
  );
  const reached = controls.flatMap((control) => control.to);
  const refused = controls.flatMap((control) => control.refused);
  const values = controls.flatMap(({ value }) => value ?? []);
  if (context.options.json) {
    context.tellJson({
      event: action,
      to: reached,
      refused,
      ...(values.length > 0 && { values }),
    });
  }
  for (const { name, value } of controls) {
    if (name === undefined || value === undefined) continue;
    context.say(`${name}: ${action} ${shownValue(action, value)}`);
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

async function allAlike(
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
  return [{ to, refused }];
}

/** Applies a relative value to each receiver's own state. */
async function eachByItself(
  session: ClientSession,
  action: ControlAction,
  wanted: string[],
  by: number,
): Promise<Controlled[]> {
  const controls: Controlled[] = [];
  for (const word of new Set(wanted)) {
    try {
      const { client, value } = await moved(session, action, word, by);
      const [control] = await allAlike(session, action, [client.key], value);
      controls.push({ ...control, value, name: client.name });
    } catch (thrown) {
      const { code, message } = toOndacastError(thrown);
      if (session.failure || wanted.length === 1) throw thrown;
      controls.push({ to: [], refused: [{ to: word, code, message }] });
    }
  }
  return controls;
}

async function moved(
  session: ClientSession,
  action: ControlAction,
  word: string,
  by: number,
): Promise<{ client: OnlineClient; value: number }> {
  const field = action === "seek" ? "position" : "volume";
  const untilMs = systemClock.now() + TELL_MS;
  while (true) {
    const client = findReceiver(await listOnline(session), word);
    const isAtRest = client.state.song === undefined;
    // An idle receiver reports its volume only after a change.
    const atRest = field === "volume" && isAtRest ? LOUDEST : undefined;
    const now = client.state[field] ?? atRest;
    if (now !== undefined) {
      const most = action === "seek"
        ? await lengthOf(session, client.state.song)
        : LOUDEST;
      return { client, value: Math.min(Math.max(0, now + by), most) };
    }
    if (isAtRest || systemClock.now() >= untilMs) {
      throw new OndacastError(
        "stale",
        isAtRest
          ? `Cannot seek relatively on "${word}": it is not playing`
          : `Cannot determine the ${field} of "${word}". Give a value without + or -`,
      );
    }
    await systemClock.sleep(LOOK_MS);
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

function shownValue(action: ControlAction, value: number): string {
  return action === "seek" ? clockTime(value) : `${Math.round(value)} %`;
}
