/**
 * `POST /api/MESSAGE`: the messages of other programs, answered as those of a
 * session are. The sender is its address, for which requests are paced and
 * counted.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { addressGroup, isLoopback } from "../model/address.ts";
import { LruCache } from "../model/lru_cache.ts";
import { RateLimit } from "../model/rate_limit.ts";
import { isPassedOn } from "../model/web_origin.ts";
import type { Caller } from "../server/caller.ts";
import {
  CALLER_REQUESTS,
  type CallerRequestType,
} from "../server/caller_requests.ts";
import {
  COST,
  messageCost,
  pageCost,
  RATE_LIMIT,
  rescanCost,
} from "../server/cost.ts";
import type { Hub } from "../server/hub.ts";
import { uploadRights } from "../server/upload_rights.ts";
import { SERVER_FEATURES } from "../wire/features.ts";
import { HEADER_BYTES, MAX_MESSAGE_TO_SERVER_BYTES } from "../wire/frame.ts";
import {
  checkMessage,
  encodePage,
  envelopeOf,
  MAX_DEPTH,
  pageRows,
  parseFields,
} from "../wire/message_codec.ts";
import {
  type Answer as MessageAnswer,
  type AnswerTo,
  isPage,
  TO_SERVER,
  type ToServer,
} from "../wire/messages.ts";
import { type Answer, HttpError } from "./http_answer.ts";
import { encode, json, refusal } from "./http_api_answer.ts";
import { requireToken } from "./http_auth.ts";
import type { HttpRequest } from "./http_request.ts";

/** Most requests of an address at once. */
export const MOST_AT_ONCE = 16;
/** A longer wait for the pace is answered `busy`. */
const LONGEST_WAIT_MS = 4_000;
/** How long a `rescan` is waited for. */
const RESCAN_MS = 8_000;
/** Addresses remembered; beyond, the one that has been quiet the longest is forgotten. */
const MAX_REMEMBERED = 4_096;

/** The requests of one address. */
interface Sender {
  readonly rateLimit: RateLimit;
  active: number;
}

/** What the messages act on. */
export interface ApiWorld {
  readonly hub: Hub;
  readonly songs: { readonly size: number };
  /** Looks again for all changes of the folder. */
  rescan(): Promise<void>;
}

export class HttpApi {
  readonly #world: ApiWorld;
  /** By address. */
  readonly #senders = new LruCache<string, Sender>(MAX_REMEMBERED);

  constructor(world: ApiWorld) {
    this.#world = world;
  }

  /** Answers a request, whatever it is, in JSON. */
  async answer(request: HttpRequest): Promise<Answer> {
    const { hub } = this.#world;
    let release = () => {};
    try {
      checkOrigin(request);
      await requireToken(hub.gate, request);
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
      const body = await this.#answer(request, sender);
      return { ...json(200, body), release };
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
    const rateLimit = new RateLimit(RATE_LIMIT, this.#world.hub.clock.now());
    const sender = { rateLimit, active: 0 };
    this.#senders.set(address, sender);
    return sender;
  }

  async #answer(
    request: HttpRequest,
    { rateLimit }: Sender,
  ): Promise<Uint8Array> {
    const { tail: type } = request;
    const isMessage = Object.hasOwn(CALLER_REQUESTS, type);
    if (!isMessage && type !== "rescan") {
      throw new OndacastError(
        "not-found",
        `Cannot find this message: expected ${
          [...Object.keys(CALLER_REQUESTS), "rescan"].join(", ")
        }`,
      );
    }
    checkJson(request.headers);
    const payload = await request.readBody(MAX_MESSAGE_TO_SERVER_BYTES);
    await this.#keepPace(rateLimit);
    rateLimit.spend(messageCost(payload.length));
    const caller = this.#callerOf(request, rateLimit);
    const envelope = envelopeOf(type, parseFields(payload, MAX_DEPTH));
    const re = envelope.id;
    if (type === "rescan") {
      return encode({ ...await this.#rescan(caller), re });
    }
    const message = checkMessage(TO_SERVER, envelope) as ToServer<
      CallerRequestType
    >;
    if ("watch" in message) throw noWatch();
    const handle = CALLER_REQUESTS[message.type] as (
      caller: Caller,
      message: ToServer,
    ) => Promise<MessageAnswer<CallerRequestType>>;
    const fields = await handle(caller, message);
    const answer = {
      type: TO_SERVER[message.type].answer,
      ...fields,
      ...(re !== undefined && { re }),
    } as AnswerTo<CallerRequestType>;
    if (!isPage(answer)) return encode(answer);
    const frame = encodePage(answer);
    rateLimit.spend(pageCost(pageRows(answer).length, frame.length));
    return frame.subarray(HEADER_BYTES);
  }

  /** Waits until the address is within its pace. @throws {OndacastError} `busy`. */
  async #keepPace(rateLimit: RateLimit): Promise<void> {
    const { clock } = this.#world.hub;
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
      ...{ hub: this.#world.hub, rateLimit, features: SERVER_FEATURES },
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

  /**
   * Looks for changes of the folder, as whoever may upload can. A scan that takes
   * longer goes on.
   */
  async #rescan(caller: Caller): Promise<Record<string, unknown>> {
    const { songs, hub: { clock } } = this.#world;
    caller.rateLimit.spend(COST.upload + rescanCost(songs.size));
    uploadRights(caller, "").mayUpload();
    const waiting = new AbortController();
    const scanned = this.#world.rescan().then(() => true);
    const late = clock.sleep(RESCAN_MS, waiting.signal).then(() => false);
    try {
      const isDone = await Promise.race([scanned, late]);
      return { type: "rescanned", songs: songs.size, done: isDone };
    } finally {
      scanned.catch(() => {}); // Nothing waits for it any more.
      waiting.abort();
    }
  }
}

function noWatch(): OndacastError {
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
