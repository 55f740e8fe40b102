/**
 * Packages the compiled programs: `deno task package --architecture amd64`. It
 * writes a Debian package and the list of what the programs are made of.
 *
 * @module
 */

import { Command, Option } from "@commander-js/extra-typings";
import { fromFileUrl, join } from "@std/path";
import { clientCommand } from "../lib/cli/client_program.ts";
import { COMPLETION_SCRIPTS } from "../lib/cli/completion_scripts.ts";
import { serverCommand } from "../lib/cli/server_options.ts";
import { print } from "../lib/io/console/standard_output.ts";
import { VERSION } from "../lib/version.ts";
import { buildDebian } from "./debian_package.ts";
import { manPage } from "./man_page.ts";
import { cargoComponents, denoComponent, npmComponents, sbom } from "./sbom.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** The list of what the programs are made of, as JSON. */
export async function sbomText(): Promise<string> {
  const npm = ["deno.lock", "web/deno.lock"].map(async (path) =>
    npmComponents(JSON.parse(await read(path)))
  );
  const crates = ["songs", "pictures", "resampler"].map(async (name) =>
    cargoComponents(await read(`codecs/${name}/Cargo.lock`))
  );
  const components = (await Promise.all([...npm, ...crates])).flat();
  const all = [...components, denoComponent(Deno.version.deno)];
  return JSON.stringify(sbom(VERSION, all), null, 2) + "\n";
}

/** The manual pages, by name. */
export function manPages(epochSeconds: number): Record<string, string> {
  const facts = {
    version: VERSION,
    date: new Date(epochSeconds * 1000).toISOString().slice(0, 10),
  };
  return {
    "ondacast.1": manPage(clientCommand(), {
      ...facts,
      summary: "play the songs of an Ondacast server, here or in other rooms",
      seeAlso: ["ondacast-server(1)"],
    }),
    "ondacast-server.1": manPage(serverCommand(), {
      ...facts,
      summary: "serve a folder of songs to Ondacast clients",
      seeAlso: ["ondacast(1)"],
    }),
  };
}

/** The files of a package beside the programs, by their paths below `/`. */
export async function sharedFiles(
  epochSeconds: number,
): Promise<Record<string, string>> {
  const pages = Object.entries(manPages(epochSeconds))
    .map(([name, text]) => [`usr/share/man/man1/${name}`, text]);
  return {
    ...Object.fromEntries(pages),
    "usr/share/bash-completion/completions/ondacast": COMPLETION_SCRIPTS.bash,
    "usr/share/zsh/vendor-completions/_ondacast": COMPLETION_SCRIPTS.zsh,
    "usr/share/fish/vendor_completions.d/ondacast.fish":
      COMPLETION_SCRIPTS.fish,
    "usr/share/doc/ondacast/changelog": await read("CHANGELOG.md"),
    "usr/share/doc/ondacast/copyright": await copyright(),
    "usr/share/doc/ondacast/sbom.cdx.json": await sbomText(),
  };
}

/** Machine-readable, as DEP-5 wants it. */
async function copyright(): Promise<string> {
  const licence = (await read("LICENSE")).trim();
  const [, holder] = /^Copyright \(c\) (.*)$/m.exec(licence)!;
  const text = licence.split("\n").slice(4)
    .map((line) => line === "" ? " ." : ` ${line}`);
  return `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: ondacast
Comment: The packages inside the programs and their versions are listed in
 /usr/share/doc/ondacast/sbom.cdx.json.

Files: *
Copyright: ${holder}
License: MIT
${text.join("\n")}
`;
}

function read(path: string): Promise<string> {
  return Deno.readTextFile(join(ROOT, path));
}

async function main(): Promise<void> {
  const program = new Command("deno task package")
    .addOption(
      new Option("--architecture <name>", "as dpkg names it")
        .choices(["amd64", "arm64"]).makeOptionMandatory(),
    )
    .option("--programs <folder>", "the compiled programs", join(ROOT, "dist"))
    .option("--out <folder>", "where to", join(ROOT, "dist"))
    .option("--compression <name>", "of dpkg-deb: xz, gzip, none", "xz")
    .parse(Deno.args, { from: "user" });
  const { architecture, programs, out, compression } = program.opts();
  const epochSeconds = Number(
    Deno.env.get("SOURCE_DATE_EPOCH") ?? Math.floor(Date.now() / 1000),
  );
  const files = await sharedFiles(epochSeconds);
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeTextFile(
    join(out, "ondacast.cdx.json"),
    files["usr/share/doc/ondacast/sbom.cdx.json"],
  );
  const path = await buildDebian(
    { version: VERSION, architecture, programs, epochSeconds, files },
    out,
    [`-Z${compression}`],
  );
  print(path);
}

if (import.meta.main) await main();
