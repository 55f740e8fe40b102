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
}

const CRATES: readonly Crate[] = [
  // A song needs 3 MiB, most of that for tables and pictures.
  { folder: "songs", name: "codecs", maxMemoryBytes: 64 * 2 ** 20 },
  // A progressive JPEG of 40 megapixels: 9 bytes a pixel.
  { folder: "pictures", name: "pictures", maxMemoryBytes: 512 * 2 ** 20 },
  // 32 channels take 5 MiB.
  { folder: "resampler", name: "resampler", maxMemoryBytes: 16 * 2 ** 20 },
];

/**
 * Builds a crate.
 *
 * @param targetFolder Where cargo keeps what it makes.
 * @returns The module's bytes.
 */
async function build(
  { folder, name, maxMemoryBytes }: Crate,
  targetFolder: string,
): Promise<Uint8Array> {
  const cargoHome = Deno.env.get("CARGO_HOME") ??
    join(Deno.env.get("HOME") ?? "", ".cargo");
  const source = join(ROOT, "codecs", folder);
  const { success, stderr } = await new Deno.Command("cargo", {
    args: ["build", "--release", "--locked", "--target", TARGET],
    cwd: source,
    env: {
      CARGO_TARGET_DIR: targetFolder,
      // No path of this machine gets into the module.
      CARGO_ENCODED_RUSTFLAGS: [
        `--remap-path-prefix=${cargoHome}=/cargo`,
        `--remap-path-prefix=${source}=/${name}`,
        `-Clink-arg=--max-memory=${maxMemoryBytes}`,
        "-Ctarget-feature=+simd128",
      ].join("\x1f"),
    },
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
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
