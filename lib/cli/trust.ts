/**
 * How the user comes to trust a server.
 *
 * @module
 */

import { dataFolder } from "../io/disk/data_folder.ts";
import { KnownServersFile } from "../io/tls/known_servers_file.ts";
import { printError } from "../io/console/standard_output.ts";
import type { Trust } from "../io/tls/trust.ts";
import { asksByKeys, confirm, type Conversation } from "./prompts.ts";

/** The parts of the program that trust uses. */
interface Trusting extends Conversation {
  readonly options: { readonly json?: boolean; readonly tlsCa?: string };
  unlessInterrupted<T>(work: Promise<T>): Promise<T>;
}

/** The trust of the options; in a terminal, the user is asked. */
export function trustOf(context: Trusting): Trust {
  const { tlsCa } = context.options;
  if (tlsCa !== undefined) return { caFile: tlsCa };
  return {
    known: new KnownServersFile(
      dataFolder("--tls-ca names a certificate to trust"),
    ),
    note: printError,
    async accept(place, fingerprint) {
      if (!asksByKeys(context)) {
        printError(
          `note: trusting ${place} on first use, by the SHA-256 fingerprint ${fingerprint} of its certificate`,
        );
        return true;
      }
      printError(
        `This machine has not met ${place} before. Its certificate's SHA-256 fingerprint is\n  ${fingerprint}\nCompare it with the one in the server's log.`,
      );
      return await context.unlessInterrupted(
        confirm(context, "Trust it from now on?"),
      );
    },
  };
}
