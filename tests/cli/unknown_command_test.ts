import assert from "node:assert/strict";
import { clientCommand } from "../../lib/cli/client_program.ts";
import { unknownCommand } from "../../lib/cli/unknown_command.ts";

const COMMANDS = clientCommand().commands.map((command) => command.name());

const MEANT: [word: string, command: string][] = [
  ["lst", "list"],
  ["paly", "play"],
  ["vol", "volume"],
  ["LS", "list"],
  ["skip", "next"],
  ["delete", "remove"],
  ["speakers", "online"],
  ["rooms", "groups"],
];

for (const [word, command] of MEANT) {
  Deno.test(`"${word}" is answered by the name of ${command}`, () => {
    const error = unknownCommand(COMMANDS, word);
    const [, first] = /\(did you mean (\w+)/.exec(error) ?? [];
    assert.equal(first, command, error);
    assert.ok(COMMANDS.includes(command));
  });
}

Deno.test("a word that is like no command, or a property of all objects, has no hint", () => {
  for (const word of ["xyzzy", "constructor"]) {
    assert.equal(
      unknownCommand(["list"], word),
      `error: unknown command '${word}'; --help shows all`,
    );
  }
});
