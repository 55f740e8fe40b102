import assert from "node:assert/strict";
import { fromFileUrl, join, relative } from "@std/path";

const LIB = fromFileUrl(new URL("../lib", import.meta.url));

/** What the core is made of, and what it is told of the world by. */
const CORE = ["", "audio", "ports", "wire", "model"];

/** Each room, and the rooms it may import from; files of `lib/` are below all. */
const MAY_IMPORT: Record<string, string[]> = {
  "": ["audio"],
  audio: [""],
  ports: ["", "audio"],
  wire: ["", "audio", "ports"],
  model: ["", "audio", "ports", "wire"],
  server: CORE,
  client: CORE,
  "io/clock": CORE,
  "io/disk": [...CORE, "io/clock"],
  "io/net": [...CORE, "io/clock"],
  "io/tls": [...CORE, "io/clock", "io/disk", "io/net"],
  "io/songs": [...CORE, "io/clock", "io/disk"],
  "io/cache": [...CORE, "io/clock", "io/disk"],
  "io/console": [...CORE, "io/disk"],
  "io/sinks": [...CORE, "io/clock", "io/disk", "io/console"],
  host: [
    ...[...CORE, "server", "io/clock", "io/disk", "io/net", "io/tls"],
    "io/songs",
  ],
  cli: [
    ...[...CORE, "server", "client", "host", "io/clock", "io/disk", "io/net"],
    ...["io/tls", "io/songs", "io/cache", "io/console", "io/sinks"],
  ],
};

Deno.test("imports point one way, from cli and host down to the core", async () => {
  const wrong: string[] = [];
  for (const { path, room, text } of await sources()) {
    for (const [, target] of text.matchAll(/(?:from|import\() ?"(\.[^"]*)"/g)) {
      const to = roomOf(relative(LIB, join(path, "..", target)));
      if (to !== room && !MAY_IMPORT[room].includes(to)) {
        wrong.push(`${relative(LIB, path)} imports ${target}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("only io, host, cli and the programs touch the system", async () => {
  const touching = (await sources())
    .filter(({ room }) => !/^(io\/|host$|cli$)/.test(room))
    .filter(({ text }) => /\bDeno\./.test(withoutComments(text)))
    .map(({ path }) => relative(LIB, path));
  assert.deepEqual(touching, []);
});

async function sources(folder = LIB) {
  const found: { path: string; room: string; text: string }[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) found.push(...await sources(path));
    else if (/(?<!\.d)\.ts$/.test(name)) {
      found.push({
        path,
        room: roomOf(relative(LIB, path)),
        text: await Deno.readTextFile(path),
      });
    }
  }
  return found;
}

function roomOf(path: string): string {
  const rooms = path.split(/[\\/]/).slice(0, -1);
  return rooms.join("/");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
}
