/**
 * The senders of requests that are answered in JSON, as those of a session are.
 * Each is its address, for which requests are paced and counted.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { addressGroup, isLoopback } from "../model/address.ts";
import { LruCache } from "../model/lru_cache.ts";
import { RateLimit } from "../model/rate_limit.ts";
import { isPassedOn } from "../model/web_origin.ts";
import type { Caller } from "../server/caller.ts";
import { messageCost, RATE_LIMIT } from "../server/cost.ts";
import type { Hub } from "../server/hub.ts";
import { SERVER_FEATURES } from "../wire/features.ts";
import { MAX_MESSAGE_TO_SERVER_BYTES } from "../wire/frame.ts";
import { type Answer, HttpError } from "./http_answer.ts";
import { refusal } from "./http_api_answer.ts";
import { requireToken } from "./http_auth.ts";
import type { HttpRequest } from "./http_request.ts";

/** Most requests of an address at once. */
export const MOST_AT_ONCE = 16;
/** A longer wait for the pace is answered `busy`. */
const LONGEST_WAIT_MS = 4_000;
/** Addresses remembered; beyond, the one that has been quiet the longest is forgotten. */
const MAX_REMEMBERED = 4_096;

/** The requests of one address. */
interface Sender {
  readonly rateLimit: RateLimit;
  active: number;
}

/**
 * Answers a request of a caller.
 *
 * @param readBody Reads and charges its body, once it is within its pace.
 */
type Work = (
  caller: Caller,
  readBody: () => Promise<Uint8Array>,
) => Promise<Answer>;

export class HttpCallers {
  readonly #hub: Hub;
  /** By address. */
  readonly #senders = new LruCache<string, Sender>(MAX_REMEMBERED);

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** Answers a request by some work, or with why it is refused. */
  async answer(request: HttpRequest, work: Work): Promise<Answer> {
    let release = () => {};
    try {
      checkOrigin(request);
      await requireToken(this.#hub.gate, request);
      const sender = this.#senderOf(request.ip);
      if (sender.active >= MOST_AT_ONCE) {
        throw new OndacastError(
          "busy",
          `Cannot take another request of this address: ${MOST_AT_ONCE} are being answered`,
        );
      }
      sender.active++;
      let isHeld = true;
      release = () => {
        if (isHeld) sender.active--;
        isHeld = false;
      };
      const { rateLimit } = sender;
      const caller = this.#callerOf(request, rateLimit);
      const answer = await work(caller, () => this.#read(request, rateLimit));
      return { ...answer, release };
    } catch (thrown) {
      if (toOndacastError(thrown).code === "lost") {
        release();
        throw thrown;
      }
      return { ...refusal(thrown), release };
    }
  }

  #senderOf(ip: string): Sender {
    const address = addressGroup(ip);
    const known = this.#senders.get(address);
    if (known) return known;
    const rateLimit = new RateLimit(RATE_LIMIT, this.#hub.clock.now());
    const sender = { rateLimit, active: 0 };
    this.#senders.set(address, sender);
    return sender;
  }

  async #read(
    request: HttpRequest,
    rateLimit: RateLimit,
  ): Promise<Uint8Array> {
    checkJson(request.headers);
    const payload = await request.readBody(MAX_MESSAGE_TO_SERVER_BYTES);
    await this.#keepPace(rateLimit);
    rateLimit.spend(messageCost(payload.length));
    return payload;
  }

  /** Waits until the address is within its pace. @throws {OndacastError} `busy`. */
  async #keepPace(rateLimit: RateLimit): Promise<void> {
    const { clock } = this.#hub;
    const beganMs = clock.now();
    rateLimit.refill(beganMs);
    while (rateLimit.waitMs > 0) {
      const endsMs = clock.now() + rateLimit.waitMs;
      if (endsMs - beganMs > LONGEST_WAIT_MS) {
        throw new OndacastError(
          "busy",
          "Cannot answer yet: too much was asked from this address. Try again in some seconds",
        );
      }
      await clock.sleep(rateLimit.waitMs);
      rateLimit.refill(clock.now());
    }
  }

  #callerOf(
    { ip, headers, isOver }: HttpRequest,
    rateLimit: RateLimit,
  ): Caller {
    return {
      ...{ hub: this.#hub, rateLimit, features: SERVER_FEATURES },
      ...{ isInStep: true, device: null },
      isLocal: isLoopback(ip) && !isPassedOn(headers),
      get isEnding() {
        return isOver();
      },
      watch: () => {
        throw noWatch();
      },
    };
  }
}

export function noWatch(): OndacastError {
  return new OndacastError(
    "bad-message",
    "Cannot watch over HTTP: nothing can be sent later",
  );
}

/** Keeps foreign pages out, from browsers that send no `Origin`. */
function checkOrigin({ headers }: HttpRequest): void {
  if (headers.get("sec-fetch-site")?.toLowerCase() !== "cross-site") return;
  throw new HttpError(403, "Pages of other origins may not use this server.");
}

/** A page of another origin can send other types without asking. */
function checkJson(headers: ReadonlyMap<string, string>): void {
  const [type] = (headers.get("content-type") ?? "").split(";", 1);
  if (type.trim().toLowerCase() === "application/json") return;
  throw new HttpError(415, "Expected Content-Type: application/json.");
}
