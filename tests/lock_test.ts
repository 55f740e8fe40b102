import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };

interface LockFile {
  specifiers: Record<string, string>;
  npm: Record<string, { integrity: string }>;
}

const tests = await read("tests/deno.lock");
const programs = await read("deno.lock");

async function read(path: string): Promise<LockFile> {
  return JSON.parse(
    await Deno.readTextFile(new URL(`../${path}`, import.meta.url)),
  );
}

Deno.test("deno.lock has what the programs import, as tests/deno.lock has it", () => {
  for (const target of Object.values(config.imports)) {
    const [, specifier] = /^(npm:@?[^@]+@[^/]+)/.exec(target)!;
    assert.ok(
      programs.specifiers[specifier],
      `${specifier} is not in deno.lock: \`deno task ondacast --version\` adds it`,
    );
  }
  for (const [id, { integrity }] of Object.entries(programs.npm)) {
    assert.match(integrity, /^sha512-/, id);
    assert.equal(integrity, tests.npm[id]?.integrity, id);
  }
});

Deno.test("deno.lock leaves out what only tests use", () => {
  const names = Object.keys({ ...programs.npm, ...programs.specifiers })
    .join(" ");
  for (const name of ["playwright", "axe-core", "fast-check"]) {
    assert.ok(JSON.stringify(tests).includes(name));
    assert.ok(!names.includes(name), name);
  }
});

Deno.test("every task of the programs uses deno.lock", () => {
  const { serve, ondacast, demo } = config.tasks;
  for (const task of [serve, ondacast, demo]) {
    assert.match(task, / --lock=deno\.lock /);
  }
});
