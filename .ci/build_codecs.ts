/**
 * Builds the decoders into `lib/io/codecs/`: `deno task build:codecs`. What it
 * makes is kept with the sources and has the same bytes on every machine, so
 * that a clone runs without Rust and everybody can build it again. With `--check`
 * nothing is written, and other bytes than those that are kept are an error.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";

const CRATE = fromFileUrl(new URL("../codecs", import.meta.url));
const TARGET = "wasm32-unknown-unknown";
/** What an instance may ever take: a song needs 3 MiB, most of that for tables and pictures. */
const MAX_MEMORY_BYTES = 64 * 2 ** 20;

/** Where the module lies, which programs read. */
export const MODULE = fromFileUrl(
  new URL("../lib/io/codecs/codecs.bin", import.meta.url),
);

/**
 * Builds the module.
 *
 * @param targetFolder Where cargo keeps what it makes.
 * @returns The module's bytes.
 */
export async function buildCodecs(targetFolder: string): Promise<Uint8Array> {
  const cargoHome = Deno.env.get("CARGO_HOME") ??
    join(Deno.env.get("HOME") ?? "", ".cargo");
  const { success, stderr } = await new Deno.Command("cargo", {
    args: ["build", "--release", "--locked", "--target", TARGET],
    cwd: CRATE,
    env: {
      CARGO_TARGET_DIR: targetFolder,
      // No path of this machine gets into the module.
      CARGO_ENCODED_RUSTFLAGS: [
        `--remap-path-prefix=${cargoHome}=/cargo`,
        `--remap-path-prefix=${CRATE}=/codecs`,
        `-Clink-arg=--max-memory=${MAX_MEMORY_BYTES}`,
        "-Ctarget-feature=+simd128",
      ].join("\x1f"),
    },
    stdin: "null",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return await Deno.readFile(
    join(targetFolder, TARGET, "release", "ondacast_codecs.wasm"),
  );
}

if (import.meta.main) {
  const bytes = await buildCodecs(join(CRATE, "target"));
  const digest = await crypto.subtle.digest("SHA-256", bytes.slice().buffer);
  const sum = `${new Uint8Array(digest).toHex()}  codecs.bin\n`;
  if (Deno.args.includes("--check")) {
    if (sum !== await Deno.readTextFile(`${MODULE}.sha256`)) {
      throw new Error(`codecs/ is built to ${sum}, which is not what is kept`);
    }
  } else {
    await Deno.writeFile(MODULE, bytes);
    await Deno.writeTextFile(`${MODULE}.sha256`, sum);
  }
}
