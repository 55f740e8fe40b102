/**
 * Builds the page into `web/dist/`: `deno task build:web`. What it makes is
 * kept with the sources, so that a clone runs without a build.
 *
 * @module
 */

import { fromFileUrl, join } from "@std/path";
// deno-lint-ignore no-import-prefix -- only the build needs it
import { minify } from "npm:terser@5.51.4";

const WEB = fromFileUrl(new URL("../web", import.meta.url));
/** Scripts and styles that a browser loads, by the name of what each is built from. */
const BUNDLES: Record<string, string> = {
  "page.js": "main.tsx",
  "page.css": "styles/page.css",
  "pcm_worklet.js": "audio/pcm_worklet.ts",
  "timer_worker.js": "io/timer_worker.ts",
  "service_worker.js": "io/service_worker.ts",
};
const COPIES = [
  ...["index.html", "icon.svg", "page.webmanifest"],
  ...["icon-192.png", "icon-512.png", "icon-maskable.png"],
];
const RESAMPLER = fromFileUrl(
  new URL("../lib/io/codecs/resampler.bin", import.meta.url),
);
/** Builds all files of the page into a folder. */
export async function buildPage(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const name of COPIES) {
    await Deno.copyFile(join(WEB, name), join(folder, name));
  }
  await Deno.copyFile(RESAMPLER, join(folder, "resampler.bin"));
  for (const [name, source] of Object.entries(BUNDLES)) {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--quiet",
        "--config",
        join(WEB, "deno.json"),
        "--platform",
        "browser",
        "--minify",
        "--output",
        join(folder, name),
        join(WEB, source),
      ],
      stdin: "null",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    if (name.endsWith(".js")) await shorten(join(folder, name));
  }
}

/** Minifies a script further, by 3 % of what is sent. */
async function shorten(path: string): Promise<void> {
  const { code } = await minify(await Deno.readTextFile(path), {
    ...{ module: true, ecma: 2020, compress: { passes: 3 } },
  });
  await Deno.writeTextFile(path, code!);
}

if (import.meta.main) await buildPage(join(WEB, "dist"));
