/**
 * The messages that a server sends to the other servers with which it is one:
 * those to any client, and more.
 *
 * @module
 */

import * as v from "valibot";
import { LOAN_TO_PEER } from "./loan_messages.ts";
import { message, page } from "./message_row.ts";
import { PEER_ANSWER } from "./peer_messages.ts";
import { TO_CLIENT } from "./to_client.ts";

/** All of them, by type. */
export const TO_PEER = {
  ...TO_CLIENT,
  ...LOAN_TO_PEER,
  welcome: page("online", {
    ...TO_CLIENT.welcome.fields.entries,
    peer: v.optional(PEER_ANSWER),
  }),
  proved: message({}),
};
