import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { dataName, openData } from "../../../lib/io/disk/server_data.ts";
import { SongIndex } from "../../../lib/io/songs/song_index.ts";
import { TempFolder } from "../../support/programs.ts";

const MUSIC = "/home/me/Music";

/** Opens the data and writes a row. */
async function withRow(base: string): Promise<string> {
  const data = await openData(base, MUSIC);
  data.db.exec("CREATE TABLE t (x); INSERT INTO t VALUES (42)");
  data.close();
  return join(data.path!, "index.db");
}

Deno.test("openData() finds the stored data of each music folder", async () => {
  await using folder = await TempFolder.make();
  const base = folder.file("below/data");
  await withRow(base);
  const again = await openData(base, MUSIC);
  assert.equal(again.note, null);
  assert.equal(again.db.prepare("SELECT x FROM t").get()!.x, 42);
  const other = await openData(base, "/home/me/Other");
  assert.notEqual(other.path, again.path);
  assert.throws(() => other.db.prepare("SELECT x FROM t"));
  other.close();
  again.close();
  again.close();
});

Deno.test("openData() keeps everything in memory, without a note, when there is no folder", async () => {
  const data = await openData(null, MUSIC);
  assert.deepEqual([data.path, data.note], [null, null]);
  data.db.exec("CREATE TABLE t (x)");
  data.close();
});

Deno.test("openData() uses memory while another server has the lock", async () => {
  await using folder = await TempFolder.make();
  const first = await openData(folder.path, MUSIC);
  const second = await openData(folder.path, MUSIC);
  assert.equal(second.path, null);
  assert.match(second.note!, /in memory only: another server uses /);
  assert.deepEqual([first.isAlone, second.isAlone], [true, false]);
  first.close();
  const third = await openData(folder.path, MUSIC);
  assert.notEqual(third.path, null);
  third.close();
  second.close();
});

Deno.test("openData() uses memory when its folder cannot be created", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(folder.file("file"), "");
  const data = await openData(folder.file("file"), MUSIC);
  assert.equal(data.path, null);
  assert.match(data.note!, /in memory only: .* cannot be created: /);
  data.close();
});

const HARMS: Record<string, (path: string) => void> = {
  "is no database": (path) => Deno.writeTextFileSync(path, "x".repeat(9000)),
  "is truncated": (path) => Deno.truncateSync(path, 5000),
  "has inverted bytes": (path) => {
    const bytes = Deno.readFileSync(path).map((byte, at) =>
      at < 4000 ? byte : ~byte
    );
    Deno.writeFileSync(path, bytes);
  },
  "is of a later version": (path) => {
    const db = new DatabaseSync(path);
    db.exec("PRAGMA user_version = 99");
    db.close();
  },
  "has a table of other columns": (path) => {
    const db = new DatabaseSync(path);
    db.exec("DROP TABLE t; CREATE TABLE songs (x)");
    db.close();
  },
};

for (const [how, harm] of Object.entries(HARMS)) {
  Deno.test(`openData() moves a database aside that ${how}, and creates a new one`, async () => {
    await using folder = await TempFolder.make();
    const path = await withRow(folder.path);
    harm(path);
    const harmed = Deno.readFileSync(path);
    const data = await openData(
      folder.path,
      MUSIC,
      (db) => void new SongIndex(db, 0),
    );
    assert.match(
      data.note!,
      /index\.db cannot be used .*moved to .*index\.db\.aside/,
    );
    assert.throws(() => data.db.prepare("SELECT x FROM t"));
    data.db.exec("CREATE TABLE t (x)");
    data.close();
    const aside = join(folder.path, dataName(MUSIC), "index.db.aside");
    assert.deepEqual(Deno.readFileSync(aside), harmed);
    const again = await openData(folder.path, MUSIC);
    assert.equal(again.note, null);
    again.close();
  });
}

Deno.test({
  name:
    "openData() finds committed rows after the program was killed during a write",
  ignore: Deno.build.os === "windows", // which has no such signal
  async fn() {
    await using folder = await TempFolder.make();
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["eval", "--no-config"],
        `--import-map=${new URL("../../../deno.json", import.meta.url)}`,
        `import { openData } from "${new URL(
          "../../../lib/io/disk/server_data.ts",
          import.meta.url,
        )}";
        const { db } = await openData(Deno.args[0], Deno.args[1]);
        db.exec("CREATE TABLE t (x)");
        for (let i = 0; ; i++) {
          db.exec("BEGIN");
          for (let k = 0; k < 100; k++) db.exec("INSERT INTO t VALUES (" + i + ")");
          db.exec("COMMIT");
          if (i === 20) console.log("writes");
        }`,
        ...[folder.path, MUSIC],
      ],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    child.kill("SIGKILL");
    await reader.cancel();
    await child.status;
    const data = await openData(folder.path, MUSIC);
    assert.deepEqual([data.note, data.path === null], [null, false]);
    const { rows } = data.db.prepare("SELECT count(*) AS rows FROM t").get()!;
    assert.ok(Number(rows) >= 2000 && Number(rows) % 100 === 0, `${rows} rows`);
    data.close();
  },
});
