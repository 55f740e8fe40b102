/**
 * Casting and control: what one client asks of others. Only clients that
 * receive can be reached; receiving is the consent.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { Present } from "../model/presence.ts";
import type { ControlAction } from "../wire/messages.ts";
import type { Hub } from "./hub.ts";
import type { Session } from "./session.ts";

/** Who was reached, by key, and who was not. */
export interface Reached {
  to: string[];
  refused: { to: string; code: string; message: string }[];
}

/**
 * Does something with each receiver that is meant, by its key, its `ip:port`
 * or its name.
 *
 * @throws {OndacastError} The first refusal, if nobody was reached.
 */
export async function reach(
  hub: Hub,
  wanted: readonly string[],
  work: (receiver: Present<Session>) => void | Promise<void>,
): Promise<Reached> {
  const reached: Reached = { to: [], refused: [] };
  for (const to of new Set(wanted)) {
    try {
      const receiver = findReceiver(hub, to);
      if (reached.to.includes(receiver.key)) continue;
      await work(receiver);
      reached.to.push(receiver.key);
    } catch (thrown) {
      const { code, message } = toOndacastError(thrown);
      reached.refused.push({ to, code, message });
    }
  }
  if (reached.to.length > 0) return reached;
  const [{ code }] = reached.refused;
  const messages = reached.refused.map(({ message }) => message);
  throw new OndacastError(code as "not-found", messages.join("; "));
}

function findReceiver(hub: Hub, to: string): Present<Session> {
  const found = hub.presence.named(to);
  if (found.length === 0) {
    throw new OndacastError(
      "not-found",
      `Cannot find the client ${JSON.stringify(to)}: it is not online`,
    );
  }
  const receiving = found.filter((client) => client.receiving);
  if (receiving.length === 1) return receiving[0];
  if (receiving.length === 0) {
    throw new OndacastError(
      "not-receiving",
      `Cannot reach ${JSON.stringify(to)}: it does not wait for songs`,
    );
  }
  const addresses = receiving.map((client) => client.id).join(", ");
  throw new OndacastError(
    "ambiguous",
    `Cannot tell which ${JSON.stringify(to)} is meant: ${addresses}`,
  );
}

/**
 * Checks what is asked of a receiver.
 *
 * @throws {OndacastError} `bad-message`.
 */
export function checkControl(action: ControlAction, value?: number): void {
  const range = CONTROL_RANGE[action];
  if (range === undefined) return;
  if (value === undefined || value < range.min || value > range.max) {
    throw new OndacastError(
      "bad-message",
      `Cannot ${action} to ${value}: expected ${range.min} to ${range.max}`,
    );
  }
}

const CONTROL_RANGE: Partial<
  Record<ControlAction, { min: number; max: number }>
> = {
  seek: { min: 0, max: Number.MAX_SAFE_INTEGER },
  volume: { min: 0, max: 100 },
};
