import assert from "node:assert/strict";
import { completePath, type PathEntry } from "../../lib/cli/complete_path.ts";

const FOLDERS: Record<string, PathEntry[]> = {
  "/music/": [
    { name: "Live", isDirectory: true },
    { name: "live take.wav", isDirectory: false },
    { name: "Étude.flac", isDirectory: false },
    { name: ".hidden", isDirectory: false },
  ],
  "/home/ann/": [{ name: "My Songs", isDirectory: true }],
  ".": [{ name: "one.wav", isDirectory: false }],
};
const list = (folder: string) => FOLDERS[folder] ?? [];

const TABLE: [typed: string, path: string, names: string[]][] = [
  ["/music/e", "/music/Étude.flac", []],
  ["/music/Li", "/music/Li", ["Live", "live take.wav"]],
  ["/music/live ", "/music/live take.wav", []],
  ["/music/", "/music/", ["Live", "live take.wav", "Étude.flac"]],
  ["/music/.h", "/music/.hidden", []],
  ["~/my", "/home/ann/My Songs/", []],
  ["o", "one.wav", []],
  ["/nowhere/x", "/nowhere/x", []],
  ["", "one.wav", []],
];

for (const [typed, path, names] of TABLE) {
  Deno.test(`completePath() of "${typed}" is "${path}"`, () => {
    assert.deepEqual(completePath(typed, "/home/ann", list), { path, names });
  });
}

Deno.test("completePath() adds what all names begin with, and shows at most eight", () => {
  const many = Array.from({ length: 20 }, (_, i) => ({
    name: `take ${10 + i}.wav`,
    isDirectory: false,
  }));
  const { path, names } = completePath("t", undefined, () => many);
  assert.equal(path, "take ");
  assert.equal(names.length, 8);
});
