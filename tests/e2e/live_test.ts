import assert from "node:assert/strict";
import { assertBytes } from "../support/assert_bytes.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { childrenOf, isAlive } from "../support/processes.ts";
import {
  hasProgram,
  runClient,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";

const SECONDS = 9;

Deno.test("send - is listed, heard by who plays it, and over with its source", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start(["--music", folder.path]);
  const at = ["--server", server.address];
  await using sender = startClient(["send", "-", "--as", "radio", ...at], {
    stdin: "piped",
  });
  // A pipe waits: it is sent as time passes, but for two seconds at first.
  const pcm = noise(SECONDS * 4 * CD.rate);
  const stdin = sender.child.stdin.getWriter();
  const written = stdin.write(wavFile(CD, pcm)).then(() => stdin.close());
  await sender.printed(/^sending live\/radio: 44.1 kHz/m);
  const { stdout: list } = await runClient(["list", "--json", ...at]);
  const [{ name, live, bytes }] = JSON.parse(list);
  assert.deepEqual([name, live, bytes], ["live/radio", true, null]);
  const file = folder.file("heard.wav");
  const heard = await runClient([
    ...["play", "live/radio", "--player", `file:${file}`, ...at],
  ]);
  assert.equal(heard.code, 0, heard.stderr);
  await written;
  assert.equal((await sender.ended()).code, 0);
  const sound = (await Deno.readFile(file)).subarray(44);
  assert.ok(sound.length > CD.rate * 4, `${sound.length} bytes`);
  assertBytes(sound, pcm.subarray(-sound.length));
  const late = await runClient(["play", "live/radio", ...at]);
  assert.match(late.stderr, /\(not-found\)/);
});

Deno.test("a sender that is killed and started again goes on with its song", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start(["--music", folder.path]);
  const at = ["--server", server.address];
  const send = async () => {
    const format = ["--format", "u8:8000:1"];
    const sender = startClient(
      ["send", "-", "--as", "pipe", ...format, ...at],
      {
        stdin: "piped",
        env: {
          XDG_DATA_HOME: folder.file("data"),
          APPDATA: folder.file("data"),
        },
      },
    );
    await sender.printed(/^sending live\/pipe/m);
    return sender;
  };
  await using killed = await send();
  await using listener = startClient(
    ["play", "live/pipe", "--player", "null:fast", ...at],
  );
  await listener.printed(/^playing/m);
  killed.child.kill("SIGKILL");
  await killed.child.status;
  await using again = await send();
  await again.child.stdin.close();
  assert.equal((await again.ended()).code, 0);
  assert.equal((await listener.ended()).code, 0);
});

Deno.test({
  name: "send ends its ffmpeg on Ctrl-C before that has heard anything",
  ignore: Deno.build.os !== "linux" || !hasProgram("ffmpeg", "-version"),
  async fn() {
    await using folder = await TempFolder.make();
    await using server = await TestServer.start(["--music", folder.path]);
    const pipe = folder.file("pipe");
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    const at = ["--server", server.address];
    await using sender = startClient(["send", pipe, ...at]);
    const [ffmpeg] = await childrenOf(sender.child.pid, "ffmpeg");
    sender.child.kill("SIGINT");
    const { code, stderr } = await sender.ended();
    assert.deepEqual([code, stderr, isAlive(ffmpeg)], [130, "", false]);
  },
});
