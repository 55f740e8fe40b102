/**
 * Casting and control: one client acts on others. Only clients that receive can
 * be reached; receiving is the consent.
 *
 * @module
 */

import { peerHost } from "../model/address.ts";
import { OndacastError, toOndacastError } from "../errors.ts";
import type { Present } from "../model/presence.ts";
import type { SongEntry } from "../ports/song_entry.ts";
import type { ControlAction, ToServer } from "../wire/messages.ts";
import { isDeviceAction } from "../wire/group_messages.ts";
import type { Hub } from "./hub.ts";
import type { Receiver } from "./receiver.ts";

/** The keys of the receivers that were reached, and the refusals of the others. */
export interface Reached {
  to: string[];
  refused: { to: string; code: string; message: string }[];
}

/** Receivers reached in one turn of the event loop. */
const RECEIVERS_A_TURN = 16;
/** The most addresses that an error lists for clients of the same name. */
const MOST_NAMED = 20;

/**
 * Calls `work` for each receiver, given by key, `ip:port` or name. Pauses now
 * and then, because there may be a thousand.
 *
 * @throws {OndacastError} The code of the first refusal, if none was reached.
 */
export async function reach(
  hub: Hub,
  wanted: readonly string[],
  work: (receiver: Present<Receiver>) => void | Promise<void>,
): Promise<Reached> {
  const reached = new Set<string>();
  const refused: Reached["refused"] = [];
  for (const [i, to] of [...new Set(wanted)].entries()) {
    if (i % RECEIVERS_A_TURN === RECEIVERS_A_TURN - 1) await hub.clock.sleep(0);
    try {
      const receiver = findReceiver(hub, to);
      if (reached.has(receiver.key)) continue;
      await work(receiver);
      reached.add(receiver.key);
    } catch (thrown) {
      const { code, message } = toOndacastError(thrown);
      refused.push({ to, code, message });
    }
  }
  if (reached.size > 0) return { to: [...reached], refused };
  const [{ code }] = refused;
  const messages = refused.map(({ message }) => message);
  throw new OndacastError(code as "not-found", messages.join("; "));
}

/**
 * Casts a song to each of the receivers.
 *
 * @param by The key of the client that casts it.
 * @throws {OndacastError} As {@linkcode reach} does.
 */
export function castTo(
  hub: Hub,
  cast: { entry: SongEntry; to: readonly string[]; from?: number; by: string },
): Promise<Reached> {
  const { entry, to, from, by } = cast;
  return reach(hub, to, async (receiver) => {
    const address = peerHost(receiver.id);
    const song = await hub.songs.open(entry, { address });
    try {
      findReceiver(hub, receiver.key); // It may have left meanwhile.
    } catch (error) {
      song.close();
      throw error;
    }
    hub.songs.wantHash(song.entry);
    receiver.link.cast(song, { from, by });
  });
}

/** Passes a control on to each of the receivers. @throws As {@linkcode castTo} does. */
export function controlAll(
  hub: Hub,
  control: {
    to: readonly string[];
    action: ControlAction;
    value?: number;
    by: string;
  },
): Promise<Reached> {
  const { to, action, value, by } = control;
  return reach(hub, to, ({ link }) => link.control(action, { value, by }));
}

function findReceiver(hub: Hub, to: string): Present<Receiver> {
  const receiving: Present<Receiver>[] = [];
  let isOnline = false;
  // Thousands may share a name, and the error lists only a few.
  for (const client of hub.presence.meant(to)) {
    isOnline = true;
    if (client.receiving) receiving.push(client);
    if (receiving.length > MOST_NAMED) break;
  }
  if (!isOnline) {
    throw new OndacastError(
      "not-found",
      `Cannot find the client ${JSON.stringify(to)}: it is not online`,
    );
  }
  if (receiving.length === 1) return receiving[0];
  if (receiving.length === 0) {
    throw new OndacastError(
      "not-receiving",
      `Cannot reach ${JSON.stringify(to)}: it does not wait for songs`,
    );
  }
  const addresses = receiving.slice(0, MOST_NAMED).map(({ id }) => id);
  if (receiving.length > MOST_NAMED) addresses.push("…");
  throw new OndacastError(
    "ambiguous",
    `Cannot choose one receiver: ${JSON.stringify(to)} matches ${
      addresses.join(", ")
    }`,
  );
}

/**
 * Checks a control of one receiver.
 *
 * @throws {OndacastError} `bad-message`.
 */
export function checkControl(
  { action, value }: Pick<ToServer<"control">, "action" | "value">,
): { action: ControlAction; value?: number } {
  if (!isDeviceAction(action)) {
    throw new OndacastError(
      "bad-message",
      `Cannot accept control: field action: a receiver does not know ${action}`,
    );
  }
  const range = CONTROL_RANGE[action];
  if (typeof value !== "number" && value !== undefined) {
    throw badValue(action, "expected a number");
  }
  if (range === undefined) return { action, value };
  if (value === undefined || value < 0 || value > range.most) {
    throw badValue(action, `expected a number ${range.expected}`);
  }
  return { action, value };
}

function badValue(action: ControlAction, expected: string): OndacastError {
  return new OndacastError(
    "bad-message",
    `Cannot accept control: field value of ${action}: ${expected}`,
  );
}

/** The range of a seek is that of `from` in a `play`, which it becomes. */
const CONTROL_RANGE: Partial<
  Record<ControlAction, { most: number; expected: string }>
> = {
  seek: { most: Number.MAX_VALUE, expected: "from 0 on" },
  volume: { most: 100, expected: "from 0 to 100" },
};
