/**
 * Builds the decoders of songs and pictures and the resampler into
 * `lib/io/codecs/`: `deno task build:codecs`. What it makes is kept with the
 * sources and has the same bytes on every machine, so that a clone runs without
 * Rust and everybody can build it again. With `--check` nothing is written, and other bytes than those that are
 * kept are an error.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
import type { Patch } from "../codecs/patch.ts";
import { PATCHES as PICTURE_PATCHES } from "../codecs/pictures/patches.ts";
import { PATCHES as SONG_PATCHES } from "../codecs/songs/patches.ts";

const TARGET = "wasm32-unknown-unknown";
const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** A crate, and the module that is made of it. */
interface Crate {
  /** Its folder in `codecs/`. */
  folder: string;
  /** Its name, and that of the module. */
  name: string;
  /** What an instance may ever take. */
  maxMemoryBytes: number;
  /** Changes of its dependencies. */
  patches?: readonly Patch[];
}

const CRATES: readonly Crate[] = [
  // A song needs 3 MiB, most of that for tables and pictures.
  {
    ...{ folder: "songs", name: "codecs", maxMemoryBytes: 64 * 2 ** 20 },
    patches: SONG_PATCHES,
  },
  // A progressive JPEG of 40 megapixels: 9 bytes a pixel.
  {
    ...{ folder: "pictures", name: "pictures", maxMemoryBytes: 512 * 2 ** 20 },
    patches: PICTURE_PATCHES,
  },
  // 32 channels take 5 MiB.
  { folder: "resampler", name: "resampler", maxMemoryBytes: 16 * 2 ** 20 },
];

/** Runs cargo. @returns Its output. */
async function cargo(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("cargo", {
    args: [...args],
    ...{ cwd, env, stdin: "null" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/**
 * Copies the dependencies of a crate into a folder, and changes them.
 *
 * @returns The options with which cargo uses them.
 */
async function patched(
  source: string,
  patches: readonly Patch[],
  folder: string,
): Promise<string[]> {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await cargo(["vendor", "--locked", "--versioned-dirs", folder], source);
  for (const patch of patches) {
    const { crate, file } = patch;
    const path = join(folder, crate, file);
    if ("by" in patch) {
      await Deno.copyFile(join(source, patch.by), path);
    } else {
      const { from, to } = patch;
      const pieces = (await Deno.readTextFile(path)).split(from);
      if (pieces.length !== 2) {
        const found = `found ${pieces.length - 1} times, expected once`;
        throw new Error(
          `Cannot patch ${file} of ${crate}: ${from} is ${found}`,
        );
      }
      await Deno.writeTextFile(path, pieces.join(to));
    }
    const sums = join(folder, crate, ".cargo-checksum.json");
    const { package: sum } = JSON.parse(await Deno.readTextFile(sums));
    const ofNoFile = { files: {}, package: sum };
    await Deno.writeTextFile(sums, JSON.stringify(ofNoFile));
  }
  return [
    ...["--config", 'source.crates-io.replace-with="patched"'],
    ...["--config", `source.patched.directory=${JSON.stringify(folder)}`],
  ];
}

/**
 * Builds a crate.
 *
 * @param targetFolder Where cargo keeps what it makes.
 * @returns The module's bytes.
 */
async function build(
  { folder, name, maxMemoryBytes, patches }: Crate,
  targetFolder: string,
): Promise<Uint8Array> {
  const cargoHome = Deno.env.get("CARGO_HOME") ??
    join(Deno.env.get("HOME") ?? "", ".cargo");
  const source = join(ROOT, "codecs", folder);
  const dependencies = join(targetFolder, `${name}-dependencies`);
  const sources = patches ? await patched(source, patches, dependencies) : [];
  const args = ["build", "--release", "--locked", "--target", TARGET];
  await cargo([...args, ...sources], source, {
    CARGO_TARGET_DIR: targetFolder,
    // No path of this machine gets into the module.
    CARGO_ENCODED_RUSTFLAGS: [
      `--remap-path-prefix=${cargoHome}=/cargo`,
      `--remap-path-prefix=${dependencies}=/dependencies`,
      `--remap-path-prefix=${source}=/${name}`,
      `-Clink-arg=--max-memory=${maxMemoryBytes}`,
      "-Ctarget-feature=+simd128",
    ].join("\x1f"),
  });
  return await Deno.readFile(
    join(targetFolder, TARGET, "release", `ondacast_${name}.wasm`),
  );
}

for (const crate of CRATES) {
  const { folder, name } = crate;
  const bytes = await build(crate, join(ROOT, "codecs", "target"));
  const digest = await crypto.subtle.digest("SHA-256", bytes.slice().buffer);
  const sum = `${new Uint8Array(digest).toHex()}  ${name}.bin\n`;
  const path = join(ROOT, "lib", "io", "codecs", `${name}.bin`);
  if (Deno.args.includes("--check")) {
    if (sum !== await Deno.readTextFile(`${path}.sha256`)) {
      throw new Error(
        `codecs/${folder} is built to ${sum}, which is not what is kept`,
      );
    }
  } else {
    await Deno.writeFile(path, bytes);
    await Deno.writeTextFile(`${path}.sha256`, sum);
  }
}
