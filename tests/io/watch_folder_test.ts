import assert from "node:assert/strict";
import { temporaryName } from "../../lib/io/temporary_name.ts";
import { isNews } from "../../lib/io/watch_folder.ts";

const UPLOAD = `/music/live/${temporaryName()}`;
const CASES: [kind: Deno.FsEvent["kind"], paths: string[], isNews: boolean][] =
  [
    ["create", ["/music/a.wav"], true],
    ["remove", ["/music/live"], true],
    ["rename", [UPLOAD, "/music/live/a.wav"], true],
    ["access", ["/music/a.wav"], false],
    ["create", [UPLOAD], false],
    ["modify", [UPLOAD], false],
    ["remove", [UPLOAD], false],
  ];

for (const [kind, paths, expected] of CASES) {
  const what = paths.map((path) => path === UPLOAD ? "an upload" : path);
  Deno.test(`isNews() is ${expected} at ${kind} of ${what.join(" to ")}`, () => {
    assert.equal(isNews({ kind, paths }), expected);
  });
}
