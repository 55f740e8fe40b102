/**
 * Errors of a connection that may lead to something else than an Ondacast
 * server's sessions, with what to do.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import { RIGHT_PORT, sessionPortOf } from "../../model/right_port.ts";

/** The error of data where a session would begin with a message. */
export function plainStreamError(peer: string): OndacastError {
  return new OndacastError(
    "not-ondacast",
    `Cannot talk to ${peer}: it is the port of a plain stream, which \`ondacast stream ${peer}\` plays. ${
      sessionPortOf(peer)
    }`,
  );
}

/**
 * The error that ended a connection before its first message, with advice
 * where the reason may be another server.
 */
export function withPortAdvice(
  error: OndacastError,
  peer: string,
): OndacastError {
  const { code, message } = error;
  if (message.includes(RIGHT_PORT)) return error; // The transport has given it.
  const options = { cause: error };
  if (code === "lost") {
    return new OndacastError(code, `${message}. ${RIGHT_PORT}`, options);
  }
  if (code !== "bad-frame" && code !== "bad-message") return error;
  return new OndacastError(
    "not-ondacast",
    `Cannot talk to ${peer}: something else than Ondacast answers there (${message}). ${RIGHT_PORT}`,
    options,
  );
}
