/**
 * Carries out requests about devices and groups of several servers: each server gets
 * the part that is about its own, and the answers become one.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { Presence } from "../model/presence.ts";
import { checkReached, type Refusal, refusal } from "../server/cast.ts";
import type { Asker, PassedType } from "../server/elsewhere.ts";
import type { HubOptions } from "../server/hub.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import type { RemoteGroups } from "./remote_groups.ts";

type Message = ToServer<PassedType>;
type AnyAnswer = Answer<PassedType>;
/** Carries out what is left for this server. */
type Here = (message: Message) => AnyAnswer | Promise<AnyAnswer>;

/** What requests are passed on by. */
export interface PassingWorld {
  readonly presence: Presence<unknown>;
  readonly options: Pick<HubOptions, "control" | "token">;
  readonly groups: Pick<RemoteGroups, "placeOf">;
  /** Carries out a request at another server. */
  ask(place: string, message: Message): Promise<AnyAnswer>;
  /** Names that every server understands, of a song or of selections. */
  songName(name: string): string;
  songNames(selections: readonly string[]): Promise<string[]>;
}

export class Passing {
  readonly #world: PassingWorld;

  constructor(world: PassingWorld) {
    this.#world = world;
  }

  /** As {@linkcode Elsewhere.pass}. */
  pass(
    asker: Asker,
    message: Message,
    here: Here,
  ): Promise<AnyAnswer> | null {
    const words = wordsOf(message);
    const byPlace = Map.groupBy(words, (word) => this.#placeOf(word));
    const isHere = byPlace.size === 0 ||
      (byPlace.size === 1 && byPlace.has(null));
    // Another server's request is about devices of this one.
    if (isHere || asker.isTrusted) return null;
    return this.#passOn(asker, message, byPlace, here);
  }

  async #passOn(
    asker: Asker,
    message: Message,
    byPlace: Map<string | null, string[]>,
    here: Here,
  ): Promise<AnyAnswer> {
    checkMayPass(asker, this.#world.options);
    if (byPlace.size > 1 && !APART.has(message.type)) {
      throw new OndacastError(
        "unsupported",
        `Cannot ${message.type} devices of several servers: expected those of one`,
      );
    }
    const named = await this.#withFullNames(message);
    const answers: AnyAnswer[] = [];
    const refused: Refusal[] = [];
    const parts = [...byPlace].map(async ([place, words]) => {
      try {
        const part = withWords(named, words);
        answers.push(await this.#carryOut(place, part, here));
      } catch (thrown) {
        if (byPlace.size === 1) throw thrown;
        refused.push(refusal(words.join(", "), thrown));
      }
    });
    await Promise.all(parts);
    checkReached(answers.length, refused);
    return joined(answers, refused);
  }

  /** @param place The server; null: this one. */
  async #carryOut(
    place: string | null,
    message: Message,
    here: Here,
  ): Promise<AnyAnswer> {
    if (place === null) return await here(message);
    try {
      return await this.#world.ask(place, message);
    } catch (thrown) {
      const { code, message: text } = toOndacastError(thrown, "lost");
      // What is fatal between servers is not for their clients.
      const known = FATAL.has(code) ? "lost" : code;
      throw new OndacastError(known as "lost", text, {
        ...{ cause: thrown, fatal: false },
      });
    }
  }

  async #withFullNames(message: Message): Promise<Message> {
    if (message.type === "cast") {
      return { ...message, song: this.#world.songName(message.song) };
    }
    if (message.type !== "queue") return message;
    const songs = await this.#world.songNames(message.songs);
    if (songs.length > MOST_NAMES) {
      throw new OndacastError(
        "too-large",
        `Cannot queue ${songs.length} songs at another server: expected at most ${MOST_NAMES}`,
      );
    }
    return { ...message, songs };
  }

  /** The server of the device or group that a word names; null: this one. */
  #placeOf(word: string): string | null {
    const { presence, groups } = this.#world;
    let place: string | null = null;
    let receiving = 0;
    for (const client of presence.meant(word)) {
      if (!client.receiving) continue;
      // If there are several, the word is ambiguous.
      if (++receiving > 1) return null;
      place = client.place ?? null;
    }
    return receiving > 0 ? place : groups.placeOf(word);
  }
}

/** Requests of which each server can carry out its part. */
const APART: ReadonlySet<PassedType> = new Set<PassedType>([
  "cast",
  "control",
  "queue",
  "ungroup",
]);
/** What one `queue` can name. */
const MOST_NAMES = 1_000;
const FATAL: ReadonlySet<string> = new Set([
  ...["bad-frame", "bad-message", "unknown-type", "version", "unauthorized"],
  ...["busy", "timeout", "replaced", "interrupted", "unreachable"],
]);

/** A client that commands only its own group commands none elsewhere. */
function checkMayPass(
  { isLocal }: Asker,
  { control, token }: PassingWorld["options"],
): void {
  if (control !== "own" || isLocal || token !== null) return;
  throw new OndacastError(
    "read-only",
    "Cannot control devices of other servers: this one was started with --control own",
  );
}

/** The devices and groups that a request names. */
function wordsOf(message: Message): string[] {
  const named = "to" in message
    ? message.type === "move"
      ? [message.group, ...list(message.to)]
      : message.to
    : "devices" in message
    ? message.devices
    : message.group;
  return list(named);
}

function list(words: string | readonly string[]): string[] {
  return typeof words === "string" ? [words] : [...words];
}

/** The request about some of its devices. */
function withWords(message: Message, words: string[]): Message {
  if (!APART.has(message.type)) return message;
  const field = "to" in message ? "to" : "devices";
  return { ...message, [field]: words } as Message;
}

/** One answer of several. */
function joined(
  answers: readonly AnyAnswer[],
  refused: readonly Refusal[],
): AnyAnswer {
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
  } as AnyAnswer;
}
