/**
 * `ondacast send`: a microphone, a pipe, what this machine plays, a file or an
 * address as a song that others hear while it is made.
 *
 * @module
 */

import { describeFormat, type PcmFormat } from "../audio/format.ts";
import { sourceOf } from "../audio/capture_args.ts";
import { sendLive } from "../client/send_live.ts";
import { expectFeature } from "../client/server_features.ts";
import { OndacastError } from "../errors.ts";
import { senderFile } from "../io/disk/kept_device.ts";
import { openSource } from "../io/sources/open_source.ts";
import { castCommand } from "./cast_commands.ts";
import type { ClientContext } from "./client_context.ts";
import { showLinkNotes } from "./link_notes.ts";
import { givenName, hostName } from "./own_name.ts";
import { clockTime } from "./text.ts";

export interface SendOptions {
  as?: string;
  to?: string[];
  /** Of raw PCM on stdin. */
  format?: PcmFormat;
}

/** Sends until the source ends, or the user or the system ends it. */
export async function sendCommand(
  context: ClientContext,
  word: string,
  options: SendOptions,
): Promise<void> {
  const name = options.as ?? defaultName(context, word);
  // Started again within ten seconds, it goes on with its song.
  await context.keepDevice(senderFile(name));
  const { link } = context;
  const session = await link.session();
  await context.unlessInterrupted(
    expectFeature(session, "live", "send live sound"),
  );
  // What it has begun ends before this program does.
  const source = await openSource(word, context.signal, options.format);
  const song = `live/${name}`;
  const note = (line: string, event: Record<string, unknown>) =>
    context.options.json ? context.printJson(event) : context.say(line);
  showLinkNotes(link, { note });
  const refused = Promise.withResolvers<never>();
  let times = 0;
  try {
    const sent = await Promise.race([
      sendLive({
        ...{ link, name, source, signal: context.signal },
        began: () => {
          if (times++ > 0) return;
          const { format } = source;
          const line = `sending ${song}: ${describeFormat(format)}`;
          note(line, { event: "start", song, format });
          if (!options.to) return;
          castCommand(context, [`song:${song}`], {
            ...{ to: options.to, unwatched: true },
          }).catch(refused.reject);
        },
      }),
      refused.promise,
    ]);
    const line = `sent ${song} for ${clockTime(sent.seconds)}`;
    note(line, { event: "end", song, underruns: 0, ...sent });
  } finally {
    await source.close();
  }
  // A service that stops on request has not failed.
  if (context.signal.aborted && !context.isTerminated) {
    throw new OndacastError("interrupted", "Interrupted");
  }
}

/** The name of a file, else of this machine. */
function defaultName(
  { options: { name } }: ClientContext,
  word: string,
): string {
  const source = sourceOf(word);
  if (source.kind === "input") {
    const last = source.input.split(/[\\/]/).findLast((part) => part !== "");
    const plain = last?.replace(/[?#].*$/s, "").replace(/\.[^.]{1,5}$/, "");
    if (plain) return plain;
  }
  return name === undefined ? hostName() : givenName(name);
}
