import assert from "node:assert/strict";
import { FolderChanges } from "../../../lib/io/songs/folder_changes.ts";

Deno.test("touches() is true of reported files, and of all files in reported folders", () => {
  const changes = new FolderChanges();
  for (const path of ["a.wav", "live", "x/y"]) changes.add(path);
  const table: [song: string, isTouched: boolean][] = [
    ["a.wav", true],
    ["b.wav", false],
    ["live/a.wav", true],
    ["live/deep/er/a.wav", true],
    ["live/deep/er/b.wav", true],
    ["lively/a.wav", false],
    ["x/a.wav", false],
    ["x/y/a.wav", true],
    ["y/a.wav", false],
    ["a.wav/in.wav", true],
  ];
  for (const [song, is] of table) assert.equal(changes.touches(song), is, song);
  changes.add("y");
  assert.equal(changes.touches("y/a.wav"), true);
});

Deno.test("touches() is true of everything once the folder itself or too many paths are reported", () => {
  const whole = new FolderChanges();
  whole.add("");
  const many = new FolderChanges();
  for (let i = 0; i <= 4096; i++) many.add(`${i}.wav`);
  const joined = new FolderChanges();
  joined.add("a.wav");
  joined.join(new FolderChanges(true));
  for (const changes of [whole, many, joined, new FolderChanges(true)]) {
    assert.equal(changes.touches("none/of/them.wav"), true);
  }
  const some = new FolderChanges();
  some.add("a.wav");
  const both = new FolderChanges();
  both.add("b.wav");
  both.join(some);
  const touched = ["a.wav", "b.wav", "c.wav"].map((song) => both.touches(song));
  assert.deepEqual(touched, [true, true, false]);
});
