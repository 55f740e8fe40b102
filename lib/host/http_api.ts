/**
 * `POST /api/MESSAGE`: the messages of other programs, answered as those of a
 * session are.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import { within } from "../model/within.ts";
import type { Caller } from "../server/caller.ts";
import {
  CALLER_REQUESTS,
  type CallerRequestType,
} from "../server/caller_requests.ts";
import { COST, pageCost, rescanCost } from "../server/cost.ts";
import type { Hub } from "../server/hub.ts";
import { uploadRights } from "../server/upload_rights.ts";
import { HEADER_BYTES } from "../wire/frame.ts";
import {
  encodePage,
  envelopeOf,
  isPage,
  pageRows,
} from "../wire/message_codec.ts";
import {
  type Answer as MessageAnswer,
  ANSWERS,
  type AnswerTo,
  type ToServer,
} from "../wire/messages.ts";
import { checkRequest, parseRequest } from "../wire/request_codec.ts";
import type { Answer } from "./http_answer.ts";
import { encode, json } from "./http_api_answer.ts";
import { HttpCallers, noWatch } from "./http_callers.ts";
import type { HttpRequest } from "./http_request.ts";

/** How long a `rescan` is waited for. */
const RESCAN_MS = 8_000;

/** What the messages act on. */
export interface ApiWorld {
  readonly hub: Hub;
  readonly songs: { readonly size: number };
  /** Looks again for all changes of the folder. */
  rescan(): Promise<void>;
}

export class HttpApi {
  readonly #world: ApiWorld;
  readonly #callers: HttpCallers;

  constructor(world: ApiWorld, callers = new HttpCallers(world.hub)) {
    this.#world = world;
    this.#callers = callers;
  }

  /** Answers a request, whatever it is, in JSON. */
  async answer(request: HttpRequest): Promise<Answer> {
    return await this.#callers.answer(
      request,
      async (caller, readBody) =>
        json(200, await this.#answer(request.tail, caller, readBody)),
    );
  }

  async #answer(
    type: string,
    caller: Caller,
    readBody: () => Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const isMessage = Object.hasOwn(CALLER_REQUESTS, type);
    if (!isMessage && type !== "rescan") {
      throw new OndacastError(
        "not-found",
        `Cannot find this message: expected ${
          [...Object.keys(CALLER_REQUESTS), "rescan"].join(", ")
        }`,
      );
    }
    const payload = await readBody();
    const envelope = envelopeOf(type, parseRequest(payload));
    const re = envelope.id;
    if (type === "rescan") {
      return encode({ ...await this.#rescan(caller), re });
    }
    const message = checkRequest(envelope) as ToServer<
      CallerRequestType
    >;
    if ("watch" in message) throw noWatch();
    const handle = CALLER_REQUESTS[message.type] as (
      caller: Caller,
      message: ToServer,
    ) => Promise<MessageAnswer<CallerRequestType>>;
    const fields = await handle(caller, message);
    const answer = {
      type: ANSWERS[message.type],
      ...fields,
      ...(re !== undefined && { re }),
    } as AnswerTo<CallerRequestType>;
    if (!isPage(answer)) return encode(answer);
    const frame = encodePage(answer);
    caller.rateLimit.spend(pageCost(pageRows(answer).length, frame.length));
    return frame.subarray(HEADER_BYTES);
  }

  /**
   * Looks for changes of the folder, as whoever may upload can. A scan that takes
   * longer goes on.
   */
  async #rescan(caller: Caller): Promise<Record<string, unknown>> {
    const { songs, hub: { clock } } = this.#world;
    caller.rateLimit.spend(COST.upload + rescanCost(songs.size));
    uploadRights(caller, "").mayUpload();
    const scanned = this.#world.rescan().then(() => true);
    const done = await within(clock, RESCAN_MS, scanned) ?? false;
    return { type: "rescanned", songs: songs.size, done };
  }
}
