import assert from "node:assert/strict";
import { defaultCacheFolder } from "../../../lib/io/disk/default_cache_folder.ts";

const PLACES: [string, Record<string, string>, string][] = [
  ["linux", { HOME: "/home/ada" }, "/home/ada/.cache/ondacast"],
  ["linux", { HOME: "/h", XDG_CACHE_HOME: "/fast" }, "/fast/ondacast"],
  ["linux", { HOME: "/h", XDG_CACHE_HOME: "rel" }, "/h/.cache/ondacast"],
  ["linux", { HOME: "/h", XDG_CACHE_HOME: "" }, "/h/.cache/ondacast"],
  ["freebsd", { HOME: "/h" }, "/h/.cache/ondacast"],
  ["darwin", { HOME: "/Users/ada" }, "/Users/ada/Library/Caches/ondacast"],
  [
    "windows",
    { LOCALAPPDATA: "C:\\Users\\ada\\AppData\\Local" },
    "C:\\Users\\ada\\AppData\\Local\\ondacast\\cache",
  ],
];

for (const [os, variables, folder] of PLACES) {
  const given = Object.entries(variables).map((pair) => pair.join("="));
  Deno.test(`defaultCacheFolder() on ${os} with ${given} is ${folder}`, () => {
    assert.equal(defaultCacheFolder(os, (name) => variables[name]), folder);
  });
}

Deno.test("defaultCacheFolder() throws with the name of the missing variable", () => {
  for (const os of ["linux", "darwin", "windows"]) {
    assert.throws(() => defaultCacheFolder(os, () => undefined), {
      code: "bad-folder",
      message: os === "windows" ? /LOCALAPPDATA is not set/ : /HOME is not set/,
    });
  }
});
