/**
 * Makes the standalone programs in `dist/`: `deno task compile`, with what
 * `deno compile` takes besides, such as `--target`.
 *
 * The permissions and bounds of memory baked in are those of the tasks: folders
 * and addresses are options of the programs, so those cannot be narrowed here.
 * Every package is checked against the lock file of the programs; `--quiet` keeps
 * the runtime from remarking on a player that is not there.
 *
 * @module
 */

import config from "../deno.json" with { type: "json" };

const PROGRAMS = [
  {
    name: "ondacast-server",
    entry: "server.ts",
    task: config.tasks.serve,
    include: [
      "web/dist",
      "lib/io/codecs/codecs.bin",
      "lib/io/codecs/pictures.bin",
      "lib/io/codecs/resampler.bin",
      "lib/io/codecs/decoder_worker.ts",
    ],
  },
  {
    name: "ondacast",
    entry: "client.ts",
    task: config.tasks.ondacast,
    include: ["lib/io/codecs/resampler.bin"],
  },
];

for (const { name, entry, task, include } of PROGRAMS) {
  const flags = task.split(" ")
    .filter((word) => /^--(?:allow|v8|lock)/.test(word));
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--no-check",
      "--quiet",
      "--frozen",
      ...flags,
      ...include.map((path) => `--include=${path}`),
      ...Deno.args,
      "--output",
      `dist/${name}`,
      entry,
    ],
    cwd: new URL("..", import.meta.url),
    stdin: "null",
  }).spawn().status;
  if (!success) Deno.exit(1);
}
