import assert from "node:assert/strict";
import { basename, fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const FILE = /\.(?:ts|tsx|rs)$/;

/** What a text has in backticks, without the parentheses of functions. */
function quoted(text: string): string[] {
  return Array.from(
    text.matchAll(/`([^`\s]+?)(?:\(\))?`/g),
    ([, word]) => word,
  );
}

/** The sources of the programs and of the page, by the last part of their paths. */
async function sources(): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  const walk = async (folder: string) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = join(folder, name);
      if (isDirectory && !/^(?:target|dist|node_modules)$/.test(name)) {
        await walk(path);
      } else if (FILE.test(name)) {
        const text = await Deno.readTextFile(path);
        found.set(name, [...found.get(name) ?? [], text]);
      }
    }
  };
  for (const it of ["lib", "web", ".ci", "tests", "codecs"]) {
    await walk(join(ROOT, it));
  }
  for (const it of ["server.ts", "client.ts"]) found.set(it, [""]);
  return found;
}

Deno.test("each file that the documentation names exists, and has the limits that it is named for", async () => {
  const files = await sources();
  const wrong: string[] = [];
  for (const page of ["architecture", "limits"]) {
    const text = await Deno.readTextFile(join(ROOT, `docs/${page}.md`));
    const named = quoted(text).filter((word) => FILE.test(word));
    wrong.push(...named.filter((it) => !files.has(basename(it))));
    if (page !== "limits") continue;
    for (const row of text.split("\n").filter((it) => it.startsWith("|"))) {
      const words = quoted(row.split("|").at(-2)!);
      const texts = words.filter((it) => FILE.test(it))
        .flatMap((it) => files.get(basename(it)) ?? []);
      const missing = words.filter((it) =>
        !/^--/.test(it) && !FILE.test(it) &&
        !texts.some((text) => text.includes(it))
      );
      if (texts.length > 0) wrong.push(...missing.map((it) => `${it}: ${row}`));
    }
  }
  assert.deepEqual(wrong, []);
});
