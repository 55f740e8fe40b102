import assert from "node:assert/strict";
import { OndacastError } from "../../../lib/errors.ts";
import {
  defaultDataFolder,
  defaultStateFolder,
} from "../../../lib/io/disk/data_folder.ts";

const CASES: [os: string, env: Record<string, string>, folder: string][] = [
  ["linux", { HOME: "/home/a" }, "/home/a/.local/share/ondacast"],
  ["linux", { HOME: "/home/a", XDG_DATA_HOME: "/d" }, "/d/ondacast"],
  ["linux", { HOME: "/a", XDG_DATA_HOME: "d" }, "/a/.local/share/ondacast"],
  ["darwin", { HOME: "/a" }, "/a/Library/Application Support/ondacast"],
  ["darwin", { HOME: "/a", XDG_DATA_HOME: "/d" }, "/d/ondacast"],
  ["windows", { APPDATA: "C:\\a", HOME: "/a" }, "C:\\a\\ondacast"],
];

for (const [os, env, folder] of CASES) {
  Deno.test(`defaultDataFolder() is ${folder} on ${os}`, () => {
    assert.equal(defaultDataFolder(os, (name) => env[name], ""), folder);
  });
}

for (const [os, env] of [["linux", {}], ["windows", { HOME: "/a" }]] as const) {
  Deno.test(`defaultDataFolder() throws with advice on ${os} without a home folder`, () => {
    assert.throws(
      () =>
        defaultDataFolder(
          os,
          (name) => (env as Record<string, string>)[name],
          "Name a folder",
        ),
      (error) =>
        error instanceof OndacastError && error.code === "bad-folder" &&
        /is not set\. Name a folder$/.test(error.message),
    );
  });
}

for (
  const [os, value, folder] of [
    ["linux", "/var/lib/ondacast", "/var/lib/ondacast"],
    ["linux", "/var/lib/a:/var/lib/b", "/var/lib/a"],
    ["windows", "C:\\a;C:\\b", "C:\\a"],
    ["linux", "", "/h/.local/share/ondacast"],
  ] as const
) {
  Deno.test(`defaultStateFolder() is ${folder} on ${os} with STATE_DIRECTORY=${value}`, () => {
    const env: Record<string, string> = { STATE_DIRECTORY: value, HOME: "/h" };
    assert.equal(defaultStateFolder(os, (name) => env[name], ""), folder);
  });
}
