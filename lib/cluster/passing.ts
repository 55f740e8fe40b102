/**
 * Carries out requests about devices and groups of several servers: each server gets
 * the part that is about its own, and the answers become one.
 *
 * @module
 */

import { OndacastError, PeerError, toOndacastError } from "../errors.ts";
import { checkReached, type Refusal, refusal } from "../server/cast.ts";
import type { Asker } from "../server/elsewhere.ts";
import type { HubOptions } from "../server/hub.ts";
import type { Answer } from "../wire/messages.ts";
import type { Clock } from "../ports/common.ts";
import type { BorrowedDevices } from "./borrowed_devices.ts";
import type { GroupOwners } from "./group_owners.ts";
import { passedCost } from "./passed_cost.ts";
import {
  devicesOf,
  isTogether,
  joined,
  type PassedAnswer,
  type PassedMessage,
  playsApart,
  withWords,
  wordsOf,
} from "./passed_message.ts";

/** How long a group may take to be taken up, and how often that is looked at. */
const DUE_MS = 3_000;
const DUE_LOOK_MS = 20;

/** Carries out what is left for this server. */
type Here = (message: PassedMessage) => PassedAnswer | Promise<PassedAnswer>;
/** Whose request is carried out, and how a part of it is here. */
interface Passed {
  readonly asker: Asker;
  readonly here: Here;
}

/** What requests are passed on by. */
export interface PassingWorld {
  readonly options: Pick<HubOptions, "control" | "token">;
  readonly owners: Pick<
    GroupOwners,
    "placeOf" | "keysOf" | "isLent" | "placeOfHeir" | "isDue"
  >;
  readonly clock: Clock;
  readonly borrowed: Pick<BorrowedDevices, "need">;
  /** Carries out a request at another server. */
  ask(place: string, message: PassedMessage): Promise<PassedAnswer>;
  /** Whether an answer about a group holds that its owner has given by its term. */
  accepts(word: string, term: number): boolean;
  /** Ends the loan of a device of this server. */
  reclaim(key: string): void;
  /** Names that every server understands, of a song or of selections. */
  songName(name: string): string;
  songNames(asker: Asker, selections: readonly string[]): Promise<string[]>;
}

/** The words of a request, by the servers that run their groups; null: this one. */
type Places = ReadonlyMap<string | null, string[]>;

export class Passing {
  readonly #world: PassingWorld;

  /** Answers whose terms were too low. */
  refusedTerms = 0;

  constructor(world: PassingWorld) {
    this.#world = world;
  }

  /** As {@linkcode Elsewhere.pass}. */
  pass(
    asker: Asker,
    message: PassedMessage,
    here: Here,
  ): Promise<PassedAnswer> | null {
    const { owners } = this.#world;
    const isDue = wordsOf(message).some((word) => owners.isDue(word));
    return isDue
      ? this.#later(asker, message, here)
      : this.#pass(asker, message, here);
  }

  /** Waits a while for a group that this server is about to run. */
  async #later(
    asker: Asker,
    message: PassedMessage,
    here: Here,
  ): Promise<PassedAnswer> {
    const { owners, clock } = this.#world;
    const untilMs = clock.now() + DUE_MS;
    const words = wordsOf(message);
    while (words.some((it) => owners.isDue(it)) && clock.now() < untilMs) {
      await clock.sleep(DUE_LOOK_MS);
    }
    return await (this.#pass(asker, message, here) ?? here(message));
  }

  #pass(
    asker: Asker,
    message: PassedMessage,
    here: Here,
  ): Promise<PassedAnswer> | null {
    const { owners } = this.#world;
    const words = wordsOf(message);
    const places = Map.groupBy(words, (word) => owners.placeOf(word));
    const isHere = places.size === 0 ||
      (places.size === 1 && places.has(null));
    if (isHere) return null;
    if (!asker.isTrusted) return this.#passOn(message, places, { asker, here });
    // Another server has chosen this one, or does not know yet that it has lent
    // the device.
    const isLent = places.size === 1 && words.every((it) => owners.isLent(it));
    const one = { asker, here };
    if (isLent) return this.#carryOut([...places.keys()][0], message, one);
    return isTogether(message) ? this.#gather(message, one) : null;
  }

  async #passOn(
    asked: PassedMessage,
    places: Places,
    one: Passed,
  ): Promise<PassedAnswer> {
    const { asker } = one;
    checkMayPass(asker, this.#world.options);
    // A program that knows no groups casts to each device by itself.
    const message = asked.type === "cast" && !asker.isInStep
      ? { ...asked, together: false }
      : asked;
    if (places.size === 1 || !isTogether(message)) {
      return await this.#each(message, places, one);
    }
    const owner = this.#ownerFor(message);
    if (owner === null) return await this.#gather(message, one);
    const named = await this.#withFullNames(asker, message);
    return await this.#carryOut(owner, named, one);
  }

  /** Each server carries out its part. */
  async #each(
    message: PassedMessage,
    places: Places,
    one: Passed,
  ): Promise<PassedAnswer> {
    const named = await this.#withFullNames(one.asker, message);
    const answers: PassedAnswer[] = [];
    const refused: Refusal[] = [];
    const parts = [...places].map(async ([place, words]) => {
      try {
        const part = places.size === 1 ? named : withWords(named, words);
        answers.push(await this.#carryOut(place, part, one));
      } catch (thrown) {
        if (places.size === 1) throw thrown;
        refused.push(refusal(words.join(", "), thrown));
      }
    });
    await Promise.all(parts);
    checkReached(answers.length, refused);
    return joined(answers, refused);
  }

  /** Borrows the devices that are elsewhere, and carries out the request here. */
  async #gather(message: PassedMessage, one: Passed): Promise<PassedAnswer> {
    const { owners, borrowed, reclaim } = this.#world;
    const words: string[] = [];
    /** The words that devices elsewhere were meant by. */
    const keys = new Map<string, string>();
    for (const word of devicesOf(message)) {
      if (owners.placeOf(word) === null) words.push(word);
      else for (const key of owners.keysOf(word)) keys.set(key, word);
    }
    for (const key of keys.keys()) reclaim(key);
    const { failed, release } = await borrowed.need([...keys.keys()]);
    try {
      const refused: Refusal[] = [];
      const answers: PassedAnswer[] = [];
      for (const [key, word] of keys) {
        const thrown = failed.get(key);
        if (thrown === undefined) words.push(key);
        // A program that is too old to be in step plays apart.
        else if (playsApart(message, thrown)) {
          const alone = Map.groupBy([key], (it) => owners.placeOf(it));
          answers.push(
            await this.#each(withWords(message, [key]), alone, one),
          );
        } else refused.push(refusal(word, thrown));
      }
      if (refused.length > 0) {
        checkReached(words.length + answers.length, refused);
      }
      if (words.length > 0) {
        answers.unshift(await one.here(withWords(message, words)));
      }
      return joined(answers, refused);
    } finally {
      release();
    }
  }

  /** The server whose queue devices of several servers are to play. */
  #ownerFor(message: PassedMessage): string | null {
    const { owners } = this.#world;
    if (message.type === "move") return owners.placeOf(message.group);
    const isNew = message.type === "cast" ||
      (message.type === "queue" && (message.place ?? "now") === "now");
    return isNew ? null : owners.placeOfHeir(wordsOf(message));
  }

  /** @param place The server; null: this one. */
  async #carryOut(
    place: string | null,
    message: PassedMessage,
    { asker, here }: Passed,
  ): Promise<PassedAnswer> {
    if (place === null) return await here(message);
    const devices = devicesOf(message).length;
    asker.rateLimit.spend(passedCost(message, devices));
    try {
      return this.#checked(message, await this.#world.ask(place, message));
    } catch (cause) {
      const { code, message: text, fatal } = toOndacastError(cause, "lost");
      // What the other server says of the request is as it would be said here.
      if (cause instanceof PeerError && !fatal) {
        throw new OndacastError(code as "lost", text, { cause });
      }
      const known = BETWEEN.has(code) ? "lost" : code;
      throw new OndacastError(known as "lost", text, { cause, fatal: false });
    }
  }

  /** @throws {OndacastError} `stale`: another server runs the group by now. */
  #checked(message: PassedMessage, answer: PassedAnswer): PassedAnswer {
    if (message.type !== "edit" || !("term" in answer)) return answer;
    const { term, ...edited } = answer as Answer<"edit">;
    if (this.#world.accepts(message.group, term ?? 0)) return edited;
    this.refusedTerms++;
    throw new OndacastError(
      "stale",
      "Cannot edit the queue: another server has taken over the group",
    );
  }

  async #withFullNames(
    asker: Asker,
    message: PassedMessage,
  ): Promise<PassedMessage> {
    if (message.type === "cast") {
      return { ...message, song: this.#world.songName(message.song) };
    }
    if (message.type !== "queue") return message;
    const songs = await this.#world.songNames(asker, message.songs);
    return { ...message, songs };
  }
}

/** What is about the connection between two servers, not about a request. */
const BETWEEN: ReadonlySet<string> = new Set([
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
