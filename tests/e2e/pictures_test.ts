import assert from "node:assert/strict";
import { jpegSize, somePng } from "../support/pictures.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";
import { TempFolder, TestServer } from "../support/programs.ts";

Deno.test("a server sends the picture of a song's folder, made smaller in its worker", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("a.wav"), wavFile(PHONE, noise(100)));
  await Deno.writeFile(folder.file("cover.jpg"), somePng(300, 150));
  await using server = await TestServer.start(["--music", folder.path]);
  const url = `http://127.0.0.1:${server.ports.http}/art/a.wav?size=`;
  const answer = await fetch(`${url}128`);
  assert.equal(answer.headers.get("content-type"), "image/jpeg");
  assert.deepEqual(jpegSize(await answer.bytes()), [128, 64]);
  const other = await fetch(`${url}100`);
  assert.equal(other.status, 400);
  await other.body?.cancel();
});
