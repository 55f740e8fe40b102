/**
 * Requests about devices of several servers: what they name, the part of one server,
 * and one answer of several.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import type { Refusal } from "../server/cast.ts";
import type { PassedType } from "../server/elsewhere.ts";
import type { Answer, ToServer } from "../wire/messages.ts";

/** A request that may be about devices of other servers. */
export type PassedMessage = ToServer<PassedType>;
export type PassedAnswer = Answer<PassedType>;

/** Requests that make their devices a group. */
export function isTogether(message: PassedMessage): boolean {
  const { type } = message;
  if (type === "cast") return message.together ?? true;
  return type === "group" || type === "queue" || type === "move";
}

/** Whether a device that cannot play it in step is to play it by itself. */
export function playsApart({ type }: PassedMessage, thrown: unknown): boolean {
  return (type === "cast" || type === "queue") &&
    toOndacastError(thrown).code === "unsupported";
}

/** The devices and groups that a request names. */
export function wordsOf(message: PassedMessage): string[] {
  const devices = devicesOf(message);
  return "group" in message && typeof message.group === "string"
    ? [message.group, ...devices]
    : devices;
}

/** The devices that a request is about. */
export function devicesOf(message: PassedMessage): string[] {
  if ("to" in message) return list(message.to);
  return "devices" in message ? list(message.devices) : [];
}

function list(words: string | readonly string[]): string[] {
  return typeof words === "string" ? [words] : [...words];
}

/** The request about some of its devices. */
export function withWords(
  message: PassedMessage,
  words: string[],
): PassedMessage {
  const field = "to" in message ? "to" : "devices";
  return { ...message, [field]: words } as PassedMessage;
}

/** One answer of several, the first of which has what they have in common. */
export function joined(
  answers: readonly PassedAnswer[],
  refused: readonly Refusal[],
): PassedAnswer {
  const [first] = answers;
  if (answers.length === 1 && refused.length === 0) return first;
  const all = (field: string) =>
    answers.flatMap((it) =>
      (it as unknown as Record<string, unknown[]>)[field] ?? []
    );
  return {
    ...first,
    ...("to" in first && { to: all("to") }),
    ...("devices" in first && { devices: all("devices") }),
    refused: [...all("refused"), ...refused],
  } as PassedAnswer;
}
