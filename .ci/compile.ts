/**
 * Makes the standalone programs in `dist/`: `deno task compile`, with what
 * `deno compile` takes besides, such as `--target`.
 *
 * The permissions and bounds of memory baked in are those of the tasks: folders
 * and addresses are options of the programs, so those cannot be narrowed here.
 * Every package is checked against the lock file, of which the part is taken
 * that the programs need; `--quiet` keeps the runtime from remarking on a player
 * that is not there.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };
import { lockOfPrograms } from "./lock_of_programs.ts";

const PROGRAMS = [
  {
    name: "ondacast-server",
    entry: "server.ts",
    task: config.tasks.serve,
    include: [
      "web/dist",
      "lib/io/codecs/codecs.bin",
      "lib/io/codecs/pictures.bin",
      "lib/io/codecs/decoder_worker.ts",
    ],
  },
  {
    name: "ondacast",
    entry: "client.ts",
    task: config.tasks.play,
    include: ["lib/io/codecs/resampler.bin"],
  },
];

const outputFolder = new URL("../dist/", import.meta.url);

const lock = JSON.parse(
  await Deno.readTextFile(new URL("../deno.lock", import.meta.url)),
);
const lockFile = await Deno.makeTempFile({ suffix: ".lock" });
await Deno.writeTextFile(lockFile, JSON.stringify(lockOfPrograms(lock)));

for (const { name, entry, task, include } of PROGRAMS) {
  const permissions = task.split(" ")
    .filter((word) => /^--(?:allow|v8)-/.test(word));
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--no-check",
      "--quiet",
      "--frozen",
      `--lock=${lockFile}`,
      ...permissions,
      ...include.map((path) => `--include=${path}`),
      ...Deno.args,
      "--output",
      `dist/${name}`,
      entry,
    ],
    cwd: new URL("..", outputFolder),
    stdin: "null",
  }).spawn().status;
  if (!success) {
    await Deno.remove(lockFile);
    Deno.exit(1);
  }
}
await Deno.remove(lockFile);
