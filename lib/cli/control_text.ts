/**
 * What a control asks for, and what it has done, for people.
 *
 * @module
 */

import type { ToServer } from "../wire/messages.ts";
import type { Amount } from "./options.ts";
import { clockTime } from "./text.ts";

/** What a command asks for. */
export interface ControlOptions {
  to?: string[];
  /** Seconds, or percent. */
  amount?: Amount;
  /** The value of another action. */
  value?: boolean | number | "off" | "all" | "one";
  /** The number of an entry in the list, for `jump`. */
  number?: string;
}

/**
 * What a control has done, for people.
 *
 * @param values Those of the devices after a relative one.
 *
 * @example
 * ```ts
 * import { doneText } from "./control_text.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(doneText("delay", { value: 80 }, []), "fed 80 ms earlier");
 * assert.equal(doneText("delay", { value: -80 }, []), "fed 80 ms later");
 * ```
 */
export function doneText(
  action: ToServer<"control">["action"],
  { amount, value, number }: ControlOptions,
  values: readonly number[],
): string {
  const set = values.length > 0 ? [...new Set(values)] : [amount?.value ?? 0];
  const texts: Partial<Record<typeof action, string>> = {
    pause: "paused",
    resume: "playing again",
    stop: "stopped",
    next: "next song",
    previous: "previous song, or the start of this one",
    jump: `song ${number}`,
    seek: `seek ${set.map(clockTime).join(", ")}`,
    volume: `volume ${set.map((it) => `${Math.round(it)} %`).join(", ")}`,
    mute: value ? "muted" : "no longer muted",
    delay: delayText(Number(value)),
    shuffle: value ? "shuffled" : "in order again",
    repeat: `repeat ${value}`,
  };
  return texts[action] ?? action;
}

function delayText(ms: number): string {
  if (ms === 0) return "fed on time";
  return ms > 0 ? `fed ${ms} ms earlier` : `fed ${-ms} ms later`;
}
