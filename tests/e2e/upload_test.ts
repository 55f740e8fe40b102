import assert from "node:assert/strict";
import { join } from "@std/path";
import { encodeMessage } from "../../lib/wire/message_codec.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  hasProgram,
  MUSIC,
  runClient,
  startClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import { seen } from "../support/seen.ts";

const CANON = join(MUSIC, "Canon in D.wav");
const ODE = join(MUSIC, "Ode to Joy.wav");
const isLinux = Deno.build.os === "linux";

/** A server with an empty song folder. */
async function emptyServer(folder: TempFolder, words: string[] = []) {
  return await TestServer.start([
    ...["--music", folder.path, "--min-free", "0", ...words],
  ]);
}

async function upload(server: TestServer, words: string[]) {
  return await runClient(["upload", ...words, "--server", server.address]);
}

async function filesIn(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(path)) names.push(name);
  return names.sort();
}

Deno.test("upload stores the exact file, and every client's list has it at once", async () => {
  await using folder = await TempFolder.make();
  await using server = await emptyServer(folder);
  const other = await openSession(server.ports.session);
  const { code, stdout } = await upload(server, [CANON]);
  assert.equal(code, 0);
  assert.match(stdout, /^stored Canon in D\.wav/);
  const { songs } = await other.request({ type: "list" });
  assert.deepEqual(songs.map(({ name }) => name), ["Canon in D.wav"]);
  assert.deepEqual(
    await Deno.readFile(folder.file("Canon in D.wav")),
    await Deno.readFile(CANON),
  );
  other.close();
});

Deno.test("upload accepts several files and folders", async () => {
  await using folder = await TempFolder.make();
  await using source = await TempFolder.make();
  await Deno.mkdir(source.file("album/two"), { recursive: true });
  await Deno.copyFile(ODE, source.file("album/a.wav"));
  await Deno.copyFile(ODE, source.file("album/two/b.wav"));
  await Deno.writeTextFile(source.file("album/cover.txt"), "no song");
  await using server = await emptyServer(folder);
  const { code, stdout: said } = await upload(server, [
    ...[source.file("album"), ODE],
  ]);
  assert.equal(code, 0);
  assert.match(said, /^left out 1 file that is not a song\n/);
  const { stdout } = await runClient([
    ...["list", "--json", "--server", server.address],
  ]);
  assert.deepEqual(
    JSON.parse(stdout).map(({ name }: { name: string }) => name),
    ["Ode to Joy.wav", "album/a.wav", "album/two/b.wav"],
  );
});

Deno.test("upload of several files continues after bad ones, reports each, and exits with 1", async () => {
  await using folder = await TempFolder.make();
  await using source = await TempFolder.make();
  await Deno.writeTextFile(source.file("text.wav"), "no music");
  await using server = await emptyServer(folder);
  const paths = [source.file("text.wav"), CANON, source.file("away.wav"), ODE];
  const { code, stdout, stderr } = await upload(server, paths);
  assert.equal(code, 1);
  assert.deepEqual(await filesIn(folder.path), [
    "Canon in D.wav",
    "Ode to Joy.wav",
  ]);
  assert.match(stdout, /^stored Canon .*\nstored Ode .*\n$/);
  const said = stderr.trim().split("\n");
  assert.equal(said.length, 3);
  assert.match(said[0], /^text\.wav: .* \(not-wav\)$/);
  assert.match(
    said[1],
    /^away\.wav: .* there is no such file\. Check its name\. \(not-found\)$/,
  );
  assert.equal(
    said[2],
    "Cannot upload 2 of 4; the others are stored. Only music can be played: files such as FLAC, MP3, Ogg, M4A and WAV. (not-wav)",
  );
  const json = await upload(server, [...paths, "--replace", "--json"]);
  assert.equal(json.code, 1);
  const events = json.stdout.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(
    events.filter(({ event }) => event === "error").map((
      { song, code },
    ) => [song, code]),
    [["text.wav", "not-wav"], ["away.wav", "not-found"], [
      undefined,
      "not-wav",
    ]],
  );
  const end = events.find(({ event }) => event === "end");
  assert.deepEqual(Object.keys(end), [
    ...[
      "event",
      "song",
      "seconds",
      "bytes",
      "underruns",
      "reconnects",
      "reason",
    ],
  ]);
});

Deno.test("upload names the bad file, and reports stored files only if there are any", async () => {
  await using folder = await TempFolder.make();
  await using source = await TempFolder.make();
  const [one, two] = ["one.wav", "two.wav"].map((name) => source.file(name));
  for (const path of [one, two]) await Deno.writeTextFile(path, "no music");
  await using server = await emptyServer(folder);
  const alone = await upload(server, [one]);
  assert.equal(alone.code, 1);
  assert.ok(alone.stderr.startsWith(`Cannot upload ${one}: `));
  const both = await upload(server, [one, two]);
  assert.equal(both.code, 1);
  assert.match(
    both.stderr,
    /^Cannot upload any of the 2 files.* \(not-wav\)$/m,
  );
});

Deno.test("upload refuses a file that cannot be a song before it connects", async () => {
  await using source = await TempFolder.make();
  await Deno.writeTextFile(source.file("text.wav"), "no music");
  for (
    const [words, said] of [
      [[source.file("text.wav")], /\(not-wav\)$/m],
      [
        [source.file("away.wav")],
        /^Cannot read .*no such file\. Check its name\. \(not-found\)$/m,
      ],
      [[ODE, "--as", "a:b"], /\(bad-name\)$/m],
      [[ODE, CANON, "--as", "x"], /\(usage\)$/m],
      [[source.path, "-"], /^Cannot upload stdin.* \(usage\)$/m],
    ] as const
  ) {
    const { stderr } = await runClient([
      ...["upload", ...words, "--server", "127.0.0.1:1"],
    ]);
    assert.match(stderr, said);
  }
});

Deno.test("upload reads a named pipe of unknown length", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using folder = await TempFolder.make();
  await using source = await TempFolder.make();
  const pipe = source.file("pipe.wav");
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  await using server = await emptyServer(folder);
  const [{ code, stderr }] = await Promise.all([
    upload(server, [pipe]),
    Deno.writeFile(pipe, await Deno.readFile(ODE)),
  ]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.deepEqual(
    await Deno.readFile(folder.file("pipe.wav")),
    await Deno.readFile(ODE),
  );
});

Deno.test("upload ends on Ctrl-C while it waits for the writer of a pipe", {
  // A compiled program opens files on its main thread: nothing ends that wait.
  ignore: Deno.build.os === "windows" ||
    Deno.env.get("ONDACAST_BINARIES") !== undefined,
}, async () => {
  await using folder = await TempFolder.make();
  await using source = await TempFolder.make();
  const pipe = source.file("pipe.wav");
  await new Deno.Command("mkfifo", { args: [pipe] }).output();
  await using server = await emptyServer(folder);
  await using client = startClient([
    "upload",
    pipe,
    "--server",
    server.address,
  ]);
  await server.program.printed(/session 1 from .* begins/, "stderr");
  client.child.kill("SIGINT");
  const { code, stderr } = await client.ended();
  assert.deepEqual([code, stderr], [130, ""]);
});

Deno.test("upload - reads stdin of unknown length", async () => {
  await using folder = await TempFolder.make();
  await using server = await emptyServer(folder);
  await using client = startClient([
    ...["upload", "-", "--as", "live/piped", "--server", server.address],
  ], { stdin: "piped" });
  const stdin = client.child.stdin.getWriter();
  const song = await Deno.readFile(CANON);
  for (let at = 0; at < song.length; at += 100_001) {
    await stdin.write(song.subarray(at, at + 100_001));
  }
  await stdin.close();
  assert.equal((await client.ended()).code, 0);
  assertBytes(await Deno.readFile(folder.file("live/piped.wav")), song);
});

Deno.test("upload refuses an existing name in any case, unless --replace is given", async () => {
  await using folder = await TempFolder.make();
  await using server = await emptyServer(folder);
  await upload(server, [CANON, "--as", "song.wav"]);
  const again = await upload(server, [ODE, "--as", "SONG"]);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /`--replace`\. \(exists\)$/m);
  assert.deepEqual(
    await Deno.readFile(folder.file("song.wav")),
    await Deno.readFile(CANON),
  );
  const replaced = await upload(server, [ODE, "--as", "SONG", "--replace"]);
  assert.equal(replaced.code, 0);
  assert.deepEqual(await filesIn(folder.path), ["song.wav"]);
  assert.deepEqual(
    await Deno.readFile(folder.file("song.wav")),
    await Deno.readFile(ODE),
  );
});

for (
  const [what, content, code] of [
    ["a text file", "not music at all, but text", /\(not-wav\)$/m],
    ["an empty file", "", /\(not-wav\)$/m],
    ["a big-endian WAV file", "RIFX\0\0\0\0WAVEfmt ", /\(unsupported\)$/m],
  ] as const
) {
  Deno.test(`upload of ${what} is refused, and leaves no file`, async () => {
    await using folder = await TempFolder.make();
    await using source = await TempFolder.make();
    await Deno.writeTextFile(source.file("x.wav"), content);
    await using server = await emptyServer(folder);
    const result = await upload(server, [source.file("x.wav")]);
    assert.equal(result.code, 1);
    assert.match(result.stderr, code);
    assert.deepEqual(await filesIn(folder.path), []);
  });
}

for (const name of ["../x.wav", "/etc/x.wav", "a\\b.wav", "CON.wav", "a:b"]) {
  Deno.test(`upload as ${JSON.stringify(name)} is refused as a bad name`, async () => {
    await using folder = await TempFolder.make();
    await using server = await emptyServer(folder);
    const { code, stderr } = await upload(server, [ODE, "--as", name]);
    assert.equal(code, 1);
    assert.match(stderr, /\(bad-name\)$/m);
    assert.deepEqual(await filesIn(folder.path), []);
  });
}

Deno.test("upload through a link that leads outside is refused as a bad name", {
  ignore: Deno.build.os === "windows", // where creating links needs a privilege
}, async () => {
  await using folder = await TempFolder.make();
  await using outside = await TempFolder.make();
  await Deno.symlink(outside.path, folder.file("link"));
  await using server = await emptyServer(folder);
  const { stderr } = await upload(server, [ODE, "--as", "link/x.wav"]);
  assert.match(stderr, /\(bad-name\)$/m);
  assert.deepEqual(await filesIn(outside.path), []);
});

Deno.test("upload beyond --max-upload is refused as too large, announced or not", async () => {
  await using folder = await TempFolder.make();
  await using server = await emptyServer(folder, ["--max-upload", "500kB"]);
  assert.match((await upload(server, [CANON])).stderr, /\(too-large\)$/m);
  await using client = startClient([
    ...["upload", "-", "--as", "piped", "--server", server.address],
  ], { stdin: "piped" });
  const stdin = client.child.stdin.getWriter();
  await stdin.write(await Deno.readFile(CANON)).catch(() => {});
  await stdin.close().catch(() => {});
  assert.match((await client.ended()).stderr, /\(too-large\)$/m);
  assert.deepEqual(await filesIn(folder.path), []);
});

Deno.test("upload to a --read-only server is refused", async () => {
  await using folder = await TempFolder.make();
  await using server = await emptyServer(folder, ["--read-only"]);
  assert.match((await upload(server, [ODE])).stderr, /\(read-only\)$/m);
});

Deno.test("a --read-only server leaves unfinished uploads in the folder", async () => {
  await using folder = await TempFolder.make();
  const part = `.ondacast-${crypto.randomUUID()}.part`;
  await Deno.writeTextFile(folder.file(part), "part");
  await using _server = await TestServer.start([
    ...["--music", folder.path, "--read-only"],
  ]);
  const entries = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assert.deepEqual(entries, [part]);
});

Deno.test("upload keeps --min-free of the disk free", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start([
    ...["--music", folder.path, "--min-free", "900TB"],
  ]);
  assert.match((await upload(server, [ODE])).stderr, /\(no-space\)$/m);
  assert.deepEqual(await filesIn(folder.path), []);
});

Deno.test({
  name:
    "upload to a full disk fails with no-space and leaves the old song untouched",
  ignore: !isLinux || Deno.uid() !== 0 || !hasProgram("mount"), // to mount a small file system
  async fn() {
    await using folder = await TempFolder.make();
    await mount(["-t", "tmpfs", "-o", "size=1500k", "none", folder.path]);
    try {
      await using server = await emptyServer(folder);
      await upload(server, [ODE, "--as", "song.wav"]);
      const { stderr } = await upload(server, [
        ...[CANON, "--as", "song.wav", "--replace"],
      ]);
      assert.match(stderr, /\(no-space\)$/m);
      assert.deepEqual(await filesIn(folder.path), ["song.wav"]);
      assert.deepEqual(
        await Deno.readFile(folder.file("song.wav")),
        await Deno.readFile(ODE),
      );
      await server.program[Symbol.asyncDispose]();
    } finally {
      await new Deno.Command("umount", { args: [folder.path] }).output();
    }
  },
});

Deno.test("a client killed during an upload leaves no song and no file", async () => {
  await using folder = await TempFolder.make();
  await using server = await emptyServer(folder);
  await using client = startClient([
    ...["upload", "-", "--as", "half", "--server", server.address],
  ], { stdin: "piped" });
  const stdin = client.child.stdin.getWriter();
  await stdin.write((await Deno.readFile(CANON)).subarray(0, 700_000));
  await untilFiles(folder.path, 1);
  client.child.kill("SIGKILL");
  await stdin.close().catch(() => {});
  await untilFiles(folder.path, 0);
});

Deno.test("a server killed during an upload removes its files at the next start", async () => {
  await using folder = await TempFolder.make();
  {
    await using server = await emptyServer(folder);
    await using client = startClient([
      ...["upload", "-", "--as", "half", "--server", server.address],
    ], { stdin: "piped" });
    const stdin = client.child.stdin.getWriter();
    await stdin.write((await Deno.readFile(CANON)).subarray(0, 700_000));
    await untilFiles(folder.path, 1);
    server.program.child.kill("SIGKILL");
    await stdin.close().catch(() => {});
    assert.equal((await client.ended()).code, 1);
  }
  assert.equal((await filesIn(folder.path)).length, 1);
  await using _again = await emptyServer(folder);
  assert.deepEqual(await filesIn(folder.path), []);
});

Deno.test("data beyond the window and data without an upload are refused as bad frames", async () => {
  await using folder = await TempFolder.make();
  await using server = await emptyServer(folder);
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.ports.session,
  });
  const device = crypto.randomUUID();
  await conn.write(encodeMessage({
    ...{ type: "hello", version: 1, name: "raw", device, window: 0 },
  }));
  await conn.write(new Uint8Array([0, 0, 0, 1, 42]));
  const text = await new Response(conn.readable).text();
  assert.match(text, /"code":"bad-frame"/);
});

Deno.test("an upload with a wrong hash or length is refused, and another may follow", async () => {
  await using folder = await TempFolder.make();
  await using server = await emptyServer(folder);
  const session = await openSession(server.ports.session);
  const song = await Deno.readFile(ODE);
  for (const wrong of [{ bytes: song.length + 1 }, { bytes: song.length }]) {
    const { ready, stored } = session.upload({
      ...{ song: "x", sha256: "0".repeat(64), ...wrong },
    });
    await ready;
    await session.sendData(framed(song));
    await assert.rejects(stored, { code: "bad-hash" });
  }
  session.close();
  assert.equal((await upload(server, [ODE, "--as", "x"])).code, 0);
});

Deno.test("an uploaded song is still listed after the server restarts", async () => {
  await using folder = await TempFolder.make();
  {
    await using server = await emptyServer(folder);
    assert.equal((await upload(server, [ODE])).code, 0);
    server.program.child.kill("SIGKILL");
  }
  await using server = await emptyServer(folder);
  const { stdout } = await runClient(["list", "--server", server.address]);
  assert.match(stdout, /^Ode to Joy\.wav/);
});

function framed(song: Uint8Array): Uint8Array {
  const frame = new Uint8Array(4 + song.length + 4);
  new DataView(frame.buffer).setUint32(0, song.length);
  frame.set(song, 4);
  return frame;
}

/** Waits until a folder has `count` files, including hidden ones. */
async function untilFiles(path: string, count: number): Promise<void> {
  await seen(
    `${count} files`,
    () => filesIn(path),
    ({ length }) => length === count,
  );
}

async function mount(args: string[]): Promise<void> {
  const { success } = await new Deno.Command("mount", { args }).output();
  assert.ok(success);
}
