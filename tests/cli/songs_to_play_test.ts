import assert from "node:assert/strict";
import type { ClientContext } from "../../lib/cli/client_context.ts";
import { selected } from "../../lib/cli/songs_to_play.ts";
import { WELCOME } from "../support/memory_client.ts";

Deno.test("a selection that a server answers by no songs is an error, and nothing that could repeat for ever", async () => {
  const session = {
    welcome: Promise.resolve({ ...WELCOME, features: ["tags"] }),
    request: () => Promise.resolve({ songs: [], more: false }),
  };
  const context = {
    link: { session: () => Promise.resolve(session) },
    unlessInterrupted: (work: Promise<unknown>) => work,
  } as unknown as ClientContext;
  await assert.rejects(selected(context, ["album:None"]), { code: "no-songs" });
});
