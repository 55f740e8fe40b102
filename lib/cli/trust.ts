/**
 * How the person at the client comes to trust a server.
 *
 * @module
 */

import { dataFolder } from "../io/disk/data_folder.ts";
import { KnownServersFile } from "../io/tls/known_servers_file.ts";
import { printError } from "../io/console/standard_output.ts";
import type { Trust } from "../io/tls/tls_connect.ts";
import type { ClientContext } from "./client_context.ts";
import { asksByKeys, confirm } from "./prompts.ts";

/** Whom the options say to trust; in a terminal, the person is asked. */
export function trustOf(context: ClientContext): Trust {
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
          `note: ${place} is met for the first time and trusted from now on, by the SHA-256 fingerprint ${fingerprint} of its certificate`,
        );
        return true;
      }
      printError(
        `This machine has not met ${place} before. Its certificate's SHA-256 fingerprint is\n  ${fingerprint}\nThe server's log shows the same if nobody is in between.`,
      );
      return await context.unlessInterrupted(
        confirm(context, "Trust it from now on?"),
      );
    },
  };
}

/** Whether a variable of the environment says yes. */
export function saysYes(value: string | undefined): boolean {
  return value !== undefined && !/^(|0|no|off|false)$/i.test(value);
}
