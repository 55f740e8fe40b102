import assert from "node:assert/strict";
import type { ClientContext } from "../../lib/cli/client_context.ts";
import { uploadCommand } from "../../lib/cli/upload_command.ts";
import { OndacastError } from "../../lib/errors.ts";
import { TempFolder } from "../support/programs.ts";

Deno.test("upload can be interrupted while it looks for songs", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(folder.file("a.flac"), "");
  const interrupted = new OndacastError("interrupted", "Interrupted");
  const context = {
    options: {},
    say() {},
    unlessInterrupted: () => Promise.reject(interrupted),
    get link() {
      return assert.fail("it must not connect");
    },
  } as unknown as ClientContext;
  await assert.rejects(uploadCommand(context, [folder.path], {}), interrupted);
});
