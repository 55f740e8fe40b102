/**
 * Who is online, as clients are told: in answer, and on every change.
 *
 * @module
 */

import type { Page } from "../model/catalog.ts";
import { encodePage } from "../wire/message_codec.ts";
import type { OnlineClient, RequestId } from "../wire/messages.ts";

/**
 * A page of who is online, as the frame that tells it; with fewer of its rows
 * where one message cannot hold them all.
 *
 * @param answering What it answers, where it is an answer.
 */
export function onlineFrame(
  { rows, more, total }: Page<OnlineClient>,
  answering: { re?: RequestId } = {},
): Uint8Array {
  return encodePage({
    type: "online",
    clients: rows,
    more,
    total,
    ...answering,
  });
}
