import assert from "node:assert/strict";
import { fromFileUrl, join, relative } from "@std/path";

const LIB = fromFileUrl(new URL("../lib", import.meta.url));

/** Each room, and the rooms it may import from; files of `lib/` are below all. */
const MAY_IMPORT: Record<string, string[]> = {
  "": ["audio"],
  audio: [""],
  wire: ["", "audio"],
  model: ["", "audio", "wire"],
  server: ["", "audio", "wire", "model"],
  client: ["", "audio", "wire", "model"],
  io: ["", "audio", "wire", "model", "server", "client"],
  cli: ["", "audio", "wire", "model", "server", "client", "io"],
};

Deno.test("imports point one way: audio, wire, model, server and client, io, cli", async () => {
  const wrong: string[] = [];
  for (const { path, room, text } of await sources()) {
    for (const [, target] of text.matchAll(/from "(\.[^"]*)"/g)) {
      const to = roomOf(relative(LIB, join(path, "..", target)));
      if (to !== room && !MAY_IMPORT[room].includes(to)) {
        wrong.push(`${relative(LIB, path)} imports ${target}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("only io, cli and the programs touch the system", async () => {
  const touching = (await sources())
    .filter(({ room }) => room !== "io" && room !== "cli")
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
  const parts = path.split(/[\\/]/);
  return parts.length === 1 ? "" : parts[0];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
}
