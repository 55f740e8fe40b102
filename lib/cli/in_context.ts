/**
 * Runs what a command does, with or without a server.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import { ClientContext, type GlobalOptions } from "./client_context.ts";
import { keepPlace, takeServer } from "./take_server.ts";
import { readTokenFile } from "./token_file.ts";

type Options = GlobalOptions & { tokenFile?: string };
type Work = (context: ClientContext) => Promise<void>;

/** Runs work with a server, which is chosen for a command. */
export async function withServer(
  options: Options,
  command: string | undefined,
  work: Work,
): Promise<void> {
  await inContext(options, async (context) => {
    await takeServer(context, command);
    await work(context);
    await keepPlace(context);
  });
}

/**
 * Runs work, and then frees all that it has opened. With `--json`, its error is an
 * event as well.
 */
export async function inContext(
  options: Options,
  work: Work,
): Promise<void> {
  const token = options.tokenFile === undefined
    ? options.token
    : await readTokenFile(options.tokenFile);
  await using context = new ClientContext({ ...options, token });
  try {
    await work(context);
  } catch (thrown) {
    if (context.isUnread) return;
    // Ctrl-C also reaches the player, whose exit is then not a failure.
    if (context.signal.aborted) {
      throw new OndacastError("interrupted", "Interrupted");
    }
    const { code, message } = toOndacastError(thrown);
    if (options.json && code !== "interrupted") {
      context.printJson({ event: "error", code, message });
    }
    throw thrown;
  }
}
