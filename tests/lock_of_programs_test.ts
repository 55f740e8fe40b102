import assert from "node:assert/strict";
import { lockOfPrograms } from "../.ci/lock_of_programs.ts";
import config from "../deno.json" with { type: "json" };

const lock = JSON.parse(
  await Deno.readTextFile(new URL("../deno.lock", import.meta.url)),
);

Deno.test("lockOfPrograms() keeps what the programs import, checked as before", () => {
  const { npm, specifiers } = lockOfPrograms(lock);
  for (const target of Object.values(config.imports)) {
    const [, specifier] = /^(npm:@?[^@]+@[^/]+)/.exec(target)!;
    assert.ok(specifiers[specifier], specifier);
  }
  for (const [id, { integrity }] of Object.entries(npm)) {
    assert.match(integrity, /^sha512-/, id);
    assert.equal(integrity, lock.npm[id].integrity);
  }
  // Of a package of which several versions are locked, each that is needed.
  const ids = Object.keys(npm);
  assert.ok(ids.some((id) => id.startsWith("tslib@1")));
  assert.ok(ids.some((id) => id.startsWith("tslib@2")));
});

Deno.test("lockOfPrograms() leaves out what only tests use", () => {
  const { npm, specifiers } = lockOfPrograms(lock);
  const names = [...Object.keys(npm), ...Object.keys(specifiers)].join(" ");
  for (const name of ["playwright", "axe-core", "fast-check"]) {
    assert.ok(JSON.stringify(lock).includes(name));
    assert.ok(!names.includes(name), name);
  }
});

Deno.test("lockOfPrograms() throws if anything that is needed is not locked", () => {
  for (const gone of ["ws@8.23.0", "tsyringe@4.10.0"]) {
    const npm = { ...lock.npm };
    delete npm[gone];
    assert.throws(() => lockOfPrograms({ ...lock, npm }), /Cannot find/);
  }
});
