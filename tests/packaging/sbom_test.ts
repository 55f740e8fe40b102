import assert from "node:assert/strict";
import { sbomText } from "../../packaging/package.ts";
import { cargoComponents, npmComponents } from "../../packaging/sbom.ts";

Deno.test("npmComponents() has names, versions and hashes, without peers", () => {
  const integrity = `sha512-${btoa("\x01\xff")}`;
  assert.deepEqual(
    npmComponents({ npm: { "@a/b@1.2.3_peer@4.0.0": { integrity } } }),
    [{
      ...{ type: "library", name: "@a/b", version: "1.2.3" },
      purl: "pkg:npm/%40a/b@1.2.3",
      hashes: [{ alg: "SHA-512", content: "01ff" }],
    }],
  );
  assert.throws(
    () => npmComponents({ npm: { "a@1": { integrity: "md5-x" } } }),
    /expected sha512/,
  );
});

Deno.test("cargoComponents() has the crates of registries alone", () => {
  const lock = `version = 4

[[package]]
name = "theirs"
version = "0.3.9"
source = "registry+x"
checksum = "76a2"

[[package]]
name = "ours"
version = "0.1.0"
`;
  assert.deepEqual(cargoComponents(lock), [{
    ...{ type: "library", name: "theirs", version: "0.3.9" },
    purl: "pkg:cargo/theirs@0.3.9",
    hashes: [{ alg: "SHA-256", content: "76a2" }],
  }]);
});

Deno.test("the list of parts has packages, crates and the runtime, each once", async () => {
  const { bomFormat, specVersion, components } = JSON.parse(await sbomText());
  assert.deepEqual([bomFormat, specVersion], ["CycloneDX", "1.5"]);
  const names = components.map(({ name }: { name: string }) => name);
  for (const name of ["ws", "preact", "symphonia", "deno"]) {
    assert.ok(names.includes(name), name);
  }
  assert.ok(!names.includes("playwright-core"));
  const purls = components.map(({ purl }: { purl: string }) => purl);
  assert.equal(new Set(purls).size, purls.length);
  assert.deepEqual(purls, purls.toSorted());
});
