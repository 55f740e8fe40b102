import assert from "node:assert/strict";
import type { ClientContext } from "../../lib/cli/client_context.ts";
import { controlCommand } from "../../lib/cli/control_commands.ts";
import {
  queueMoveCommand,
  queueRemoveCommand,
} from "../../lib/cli/queue_commands.ts";
import { OndacastError } from "../../lib/errors.ts";
import { WELCOME } from "../support/memory_client.ts";

const ROW = {
  ...{ group: "k", name: "Kitchen", state: "playing", entry: 1 },
  devices: [{ key: "k", name: "Kitchen" }],
};

/** The user interrupts a command once it asks for the entries of a queue. */
function interruptedAtEntries(): ClientContext {
  const interrupted = Promise.withResolvers<never>();
  interrupted.promise.catch(() => {});
  const session = {
    welcome: Promise.resolve({ ...WELCOME, features: ["groups"] }),
    request({ type }: { type: string }) {
      if (type !== "entries") {
        return Promise.resolve({ groups: [ROW], more: false });
      }
      interrupted.reject(new OndacastError("interrupted", "Interrupted"));
      return new Promise(() => {}); // The server hangs.
    },
  };
  return {
    options: {},
    link: { session: () => Promise.resolve(session) },
    unlessInterrupted: (work: Promise<unknown>) =>
      Promise.race([work, interrupted.promise]),
  } as unknown as ClientContext;
}

const COMMANDS: [string, (context: ClientContext) => Promise<void>][] = [
  ["queue remove", (context) => queueRemoveCommand(context, ["1"], {})],
  ["queue move", (context) => queueMoveCommand(context, ["1"], {})],
  ["jump", (context) => controlCommand(context, "jump", { number: "1" })],
];
for (const [name, run] of COMMANDS) {
  Deno.test(`${name} can be interrupted while the server lists the queue`, async () => {
    const context = interruptedAtEntries();
    await assert.rejects(run(context), { code: "interrupted" });
  });
}
