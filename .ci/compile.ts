/**
 * Makes the standalone programs in `dist/`: `deno task compile`, with what
 * `deno compile` takes besides, such as `--target`.
 *
 * The permissions baked in are the least that work: folders and addresses
 * are options of the programs, so those cannot be narrowed here. Without the
 * lock file only what the programs import is embedded, and not what tests do;
 * `--quiet` keeps the runtime from remarking on a player that is not there.
 *
 * @module
 */

const PROGRAMS = [
  {
    name: "ondacast-server",
    entry: "server.ts",
    permissions: [
      "--allow-net",
      "--allow-read",
      "--allow-write",
      "--allow-env=ONDACAST_TOKEN,HOME,XDG_DATA_HOME,APPDATA,WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE",
      "--allow-sys=hostname,statfs",
    ],
  },
  {
    name: "ondacast",
    entry: "client.ts",
    permissions: [
      "--allow-net",
      "--allow-read",
      "--allow-write",
      "--allow-env=ONDACAST_SERVER,ONDACAST_TOKEN,ONDACAST_TLS,HOME,XDG_CACHE_HOME,XDG_DATA_HOME,LOCALAPPDATA,APPDATA",
      "--allow-sys=hostname",
      "--allow-run=ffplay,aplay",
    ],
  },
];

const outputFolder = new URL("../dist/", import.meta.url);

for (const { name, entry, permissions } of PROGRAMS) {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--no-check",
      "--quiet",
      "--no-lock",
      ...permissions,
      ...Deno.args,
      "--output",
      `dist/${name}`,
      entry,
    ],
    cwd: new URL("..", outputFolder),
    stdin: "null",
  }).spawn().status;
  if (!success) Deno.exit(1);
}
