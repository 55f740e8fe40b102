import assert from "node:assert/strict";
import { uninstallCommand } from "../../lib/cli/install_command.ts";
import { SERVICE_FORMATS } from "../../lib/cli/service/formats.ts";
import { exists } from "../../lib/cli/service_manager.ts";
import { TempFolder } from "../support/programs.ts";

/** A command that succeeds on every system. */
const SUCCEEDS = [Deno.execPath(), "--version"] as const;
const FAILS = [Deno.execPath(), "--no-such-option"] as const;

for (const isEnabled of [true, false]) {
  const does = isEnabled ? "stops" : "does not touch";
  const which = isEnabled ? "in use" : "not in use";
  Deno.test(`uninstall ${does} a package's service that is ${which}, and keeps its file`, async () => {
    await using folder = await TempFolder.make();
    const packaged = folder.file("package");
    await Deno.mkdir(packaged);
    const unit = `${packaged}/receive.unit`;
    await Deno.writeTextFile(unit, "");
    let stopped = 0;
    const said: string[] = [];
    await uninstallCommand(
      { say: (line) => said.push(String(line)) },
      "receive",
      {
        ...SERVICE_FORMATS[0],
        folder: () => folder.file("own"),
        file: (role) => `${role}.unit`,
        stop: () => (stopped++, []),
        removed: () => [],
        packaged: {
          folder: (scope) => scope === "user" ? packaged : folder.file("none"),
          isEnabled: () => isEnabled ? SUCCEEDS : FAILS,
        },
      },
      { home: null, config: null, uid: 1000 },
    );
    assert.equal(stopped, isEnabled ? 1 : 0);
    assert.equal(await exists(unit), true);
    assert.match(
      said.join(),
      isEnabled ? /^Stopped .*receive\.unit for good/ : /^Nothing is installed/,
    );
  });
}
