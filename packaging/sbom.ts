/**
 * Lists what the programs are made of, as a CycloneDX 1.5 document
 * (ECMA-424): npm packages and Rust crates, with the hashes that the lock files
 * hold, and the runtime.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A part of the programs. */
export interface Component {
  type: "library" | "platform";
  name: string;
  version: string;
  /** Package URL (ECMA-427). */
  purl: string;
  hashes?: { alg: "SHA-256" | "SHA-512"; content: string }[];
}

/** What is used of a lock file of Deno, version 5. */
export interface DenoLock {
  npm: Record<string, { integrity: string }>;
}

/** The document for a version of the programs. */
export function sbom(
  version: string,
  components: readonly Component[],
): Record<string, unknown> {
  const byPurl = new Map(components.map((each) => [each.purl, each]));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      component: {
        ...{ type: "application", name: "ondacast", version },
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [...byPurl.keys()].sort().map((purl) => ({
      "bom-ref": purl,
      ...byPurl.get(purl)!,
    })),
  };
}

/** The packages of a lock file of Deno. */
export function npmComponents({ npm }: DenoLock): Component[] {
  return Object.entries(npm).map(([id, { integrity }]) => {
    // `name@version`, then the peers that it was resolved with.
    const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(id)!;
    const [algorithm, hash] = integrity.split("-");
    if (algorithm !== "sha512") {
      throw new Error(`Cannot list ${id}: expected sha512, found ${algorithm}`);
    }
    return {
      type: "library",
      name,
      version,
      purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
      hashes: [{
        alg: "SHA-512",
        content: Buffer.from(hash, "base64").toString("hex"),
      }],
    };
  });
}

/** The crates of a `Cargo.lock`, without the project's own. */
export function cargoComponents(lock: string): Component[] {
  return lock.split("[[package]]").slice(1).flatMap((block) => {
    const value = (key: string) =>
      new RegExp(`^${key} = "([^"]*)"$`, "m").exec(block)?.[1];
    const [name, version, checksum] = ["name", "version", "checksum"]
      .map(value);
    if (checksum === undefined) return [];
    return [{
      type: "library" as const,
      name: name!,
      version: version!,
      purl: `pkg:cargo/${name}@${version}`,
      hashes: [{ alg: "SHA-256" as const, content: checksum }],
    }];
  });
}

/** The runtime inside the programs. */
export function denoComponent(version: string): Component {
  return {
    ...{ type: "platform", name: "deno", version },
    purl: `pkg:github/denoland/deno@v${version}`,
  };
}
