import assert from "node:assert/strict";
import { fromFileUrl, join } from "@std/path";
import { buildPage } from "../../.ci/build_web.ts";
import config from "../../deno.json" with { type: "json" };
import page from "../../web/deno.json" with { type: "json" };
import { PAGE_FILES, pageFile } from "../../lib/host/page_files.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import { TempFolder } from "../support/programs.ts";

const DIST = fromFileUrl(new URL("../../web/dist", import.meta.url));

Deno.test({
  name: "web/dist equals the output of `deno task build:web`",
  // Other versions of Deno bundle a little differently.
  ignore: Deno.version.deno !== "2.9.6",
  async fn() {
    await using folder = await TempFolder.make();
    await buildPage(folder.path);
    for (const name of Object.values(PAGE_FILES)) {
      assertBytes(
        await Deno.readFile(join(DIST, name)),
        await Deno.readFile(join(folder.path, name)),
      );
    }
  },
});

Deno.test("HTML, CSS and JavaScript of the page are smaller than 90 kB, gzipped", async () => {
  const paths = Object.keys(PAGE_FILES).filter((path) =>
    /\/$|\.(js|css)$/.test(path)
  );
  const files = await Promise.all(paths.map(pageFile));
  const bytes = files.reduce((sum, { gzipped }) => sum + gzipped.length, 0);
  assert.ok(bytes < 90_000, `${bytes} bytes`);
});

Deno.test("the page is built with the package versions of the programs", () => {
  const programs = config.imports as Record<string, string>;
  for (const [name, address] of Object.entries(page.imports)) {
    if (name in programs) assert.equal(address, programs[name]);
  }
});
