import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";

/** A module of `deno info --json`. */
interface Module {
  specifier: string;
  dependencies?: { isDynamic?: boolean; code?: { specifier?: string } }[];
}

/** What a start loads, without the modules that are loaded later. */
async function loadedBy(program: string): Promise<string[]> {
  const path = fromFileUrl(new URL(`../../${program}`, import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", path],
  }).output();
  const info: { roots: string[]; modules: Module[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  const modules = new Map(info.modules.map((it) => [it.specifier, it]));
  const loaded = new Set(info.roots);
  for (const specifier of loaded) {
    for (const it of modules.get(specifier)?.dependencies ?? []) {
      if (!it.isDynamic && it.code?.specifier) loaded.add(it.code.specifier);
    }
  }
  return [...loaded];
}

Deno.test("ondacast completes a word without loading what commands do", async () => {
  const loaded = await loadedBy("client.ts");
  assert.ok(loaded.some((it) => it.endsWith("/lib/cli/complete.ts")));
  const slow =
    /string-width|client_context\.ts|play_command\.ts|lib\/(client|io\/(net|tls|cache|sinks|discovery))\//;
  assert.deepEqual(loaded.filter((it) => slow.test(it)), []);
});
