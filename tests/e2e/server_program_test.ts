import assert from "node:assert/strict";
import { join } from "@std/path";
import {
  clientCommand,
  MUSIC,
  runClient,
  RunningProgram,
  runServer,
  serverCommand,
  TempFolder,
  TestServer,
} from "../support/programs.ts";

const isWindows = Deno.build.os === "windows";

Deno.test("server prints one line with its actual ports once all accept connections", async () => {
  await using server = await TestServer.start();
  const { session, stream, http } = server.ports;
  for (const port of [session, stream, http]) {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port });
    assert.equal((conn.remoteAddr as Deno.NetAddr).port, port);
  }
  assert.match(server.program.stdout, /^listening \{[^\n]*\}\n$/);
});

Deno.test("server omits ports that are off", async () => {
  await using server = await TestServer.start([
    ...["--stream-port", "off", "--http-port", "off"],
  ]);
  assert.deepEqual(Object.keys(server.ports), ["session"]);
});

Deno.test("server turns the plain stream off when it has a token", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(folder.file("token"), "secret\n");
  await using program = new RunningProgram(...serverCommand([
    ...["--port", "0", "--http-port", "0", "--music", MUSIC],
    ...["--token-file", folder.file("token")],
  ]));
  const [, ports] = await program.printed(/^listening (.*)\n/);
  assert.deepEqual(Object.keys(JSON.parse(ports)), ["session", "http"]);
});

Deno.test({
  name: "server exits with 0 on SIGTERM and SIGINT, and notifies its clients",
  ignore: isWindows, // Windows programs cannot be sent these.
  async fn() {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      await using server = await TestServer.start();
      using conn = await Deno.connect({
        hostname: "127.0.0.1",
        port: server.ports.session,
      });
      await server.program.printed(/session 1 .* begins/, "stderr");
      server.program.child.kill(signal);
      const messages = new TextDecoder().decode(
        new Uint8Array(await new Response(conn.readable).arrayBuffer()),
      );
      assert.match(messages, /"fatal":true/);
      assert.equal((await server.program.ended()).code, 0);
    }
  },
});

Deno.test("server logs each connection with its address and the reason of its end", async () => {
  await using server = await TestServer.start();
  await runClient(["list", "--server", server.address]);
  await server.program.printed(
    /session 1 from "127\.0\.0\.1:\d+" begins[\s\S]*session 1 from "127\.0\.0\.1:\d+" ends: "said bye"/,
    "stderr",
  );
});

Deno.test("server logs JSON lines with --log json", async () => {
  await using server = await TestServer.start(["--log", "json"]);
  await runClient(["list", "--server", server.address]);
  await server.program.printed(/ends/, "stderr");
  for (const line of server.program.stderr.trim().split("\n")) JSON.parse(line);
});

const REFUSED: [what: string, words: string[], code: number, said: RegExp][] = [
  [
    "a missing folder",
    ["--music", "no-such-folder"],
    1,
    /no-such-folder.*no such file or folder.*--music.* \(bad-folder\)$/m,
  ],
  [
    "a file instead of the folder",
    ["--music", join(MUSIC, "compose.ts")],
    1,
    /it is a file, not a folder.* \(bad-folder\)$/m,
  ],
  ["an unknown option", ["--musik", "x"], 2, /--musik/],
  ["a scan at every moment", ["--rescan", "0"], 2, /at least 1s/],
  ["a bad port", ["--port", "70000"], 2, /70000/],
  ["a bad block size", ["--block", "5"], 2, /512 to 1048576.* \(usage\)$/m],
  ["a bad log format", ["--log", "xml"], 2, /text, json/],
  ["a missing token file", ["--token-file", "no-such-file"], 2, /no-such-file/],
  ["an empty data folder", ["--data", ""], 2, /--data.* \(usage\)$/m],
  ["an empty song folder", ["--music", ""], 2, /--music.* \(usage\)$/m],
  [
    "one port for two uses",
    ["--port", "4999", "--http-port", "4999"],
    2,
    /4999 for both session and http.* \(usage\)$/m,
  ],
  [
    "an empty token",
    ["--token", ""],
    2,
    /^Cannot use an empty --token.* \(usage\)$/m,
  ],
  [
    "a blank token",
    ["--token", "  "],
    2,
    /^Cannot use an empty --token.* \(usage\)$/m,
  ],
  [
    "an address of another machine",
    ["--host", "203.0.113.9"],
    1,
    /203\.0\.113\.9.*no such address.*0\.0\.0\.0.* \(cannot-listen\)$/m,
  ],
  [
    "an invalid host",
    ["--host", "not an address"],
    2,
    /no such address.* \(usage\)$/m,
  ],
  ["a bad client limit", ["--max-clients", "0"], 2, /max-clients/],
];

for (const [what, words, code, said] of REFUSED) {
  Deno.test(`server exits with ${code} and an explanation for ${what}`, async () => {
    const result = await runServer(words);
    assert.equal(result.code, code);
    assert.match(result.stderr, said);
    assert.equal(result.stdout, "");
  });
}

Deno.test("both programs refuse an empty token from the environment or from a file", async () => {
  const env = { ONDACAST_TOKEN: "" };
  const programs = [
    await runServer([], { env }),
    await runClient(["list"], { env }),
  ];
  for (const { code, stderr } of programs) {
    assert.equal(code, 2);
    assert.match(stderr, /ONDACAST_TOKEN.* \(usage\)$/m);
  }
  const given = await runClient(["list", "--token", ""]);
  assert.equal(given.code, 2);
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(folder.file("token"), "\n");
  const { code, stderr } = await runServer([
    "--token-file",
    folder.file("token"),
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /it is empty.* \(usage\)$/m);
});

Deno.test("server exits with 1 and names a port that is in use", async () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  for (const option of ["--port", "--stream-port", "--http-port"]) {
    const result = await runServer([option, String(port)]);
    assert.equal(result.code, 1, option);
    assert.match(
      result.stderr,
      new RegExp(`:${port}.* \\(port-in-use\\)$`, "m"),
      option,
    );
    assert.equal(result.stdout, "", option);
  }
});

Deno.test(
  "the error that ends a server is the last line, after its log",
  {
    ignore: isWindows, // where creating links needs a privilege
  },
  async () => {
    await using folder = await TempFolder.make();
    for (const name of ["a.wav", "b.wav"]) {
      await Deno.symlink(folder.file("missing"), folder.file(name));
    }
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { stderr } = await runServer([
      ...["--music", folder.path, "--port", String(taken.addr.port)],
    ]);
    const lines = stderr.trimEnd().split("\n");
    assert.match(lines.pop()!, /\(port-in-use\)$/m);
    assert.equal(lines.length, 2, stderr);
    for (const line of lines) assert.match(line, /left out/);
  },
);

Deno.test("server reports that none of its songs can be played", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeTextFile(folder.file("a.wav"), "no song");
  await using server = await TestServer.start(["--music", folder.path]);
  await server.program.printed(
    /has songs, but none of them can be played/,
    "stderr",
  );
});

Deno.test("a second server on the same songs reports that it keeps its index in memory", async () => {
  await using folder = await TempFolder.make();
  const words = ["--music", MUSIC, "--data", folder.path];
  await using first = await TestServer.start(words);
  await using second = await TestServer.start(words);
  await second.program.printed(/in memory only: another server uses/, "stderr");
  assert.doesNotMatch(first.program.stderr, /in memory/);
});

Deno.test("server serves an empty folder, and reports that it is empty", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start(["--music", folder.path]);
  await server.program.printed(/no songs/, "stderr");
  const { code, stderr } = await runClient([
    ...["play", "--server", server.address],
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /\(no-songs\)$/m);
});

Deno.test("server answers health checks only under its own host names", async () => {
  await using server = await TestServer.start();
  const url = `http://127.0.0.1:${server.ports.http}`;
  for (
    const [path, host, status] of [
      ["/healthz", `127.0.0.1:${server.ports.http}`, 200],
      ["/readyz", "localhost", 200],
      ["/", "pi.local", 200],
      ["/nowhere", "localhost", 404],
      ["/", "evil.example", 421],
    ] as const
  ) {
    assert.equal(await statusOf(url, path, host), status, `${path} ${host}`);
  }
});

Deno.test("both programs print their version and their usage", async () => {
  for (const run of [runServer, runClient]) {
    const version = await run(["--version"]);
    assert.deepEqual([version.code, version.stderr], [0, ""]);
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
    const help = await run(["--help"]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /Usage: [\s\S]*Examples:/);
  }
  for (const words of [["play", "--help"], ["help", "cast"]]) {
    const help = await runClient(words);
    assert.deepEqual([help.code, help.stderr], [0, ""], words.join(" "));
    assert.match(help.stdout, /^Usage: ondacast /);
  }
});

Deno.test("both programs exit silently with 0 when their help's reader closes", async () => {
  const words = ["--help"];
  for (const [file, args] of [serverCommand(words), clientCommand(words)]) {
    await using program = new RunningProgram(file, args, { readStdout: false });
    await program.child.stdout.cancel();
    const { code, stderr } = await program.ended();
    assert.deepEqual([code, stderr], [0, ""]);
  }
});

/** The status of a request with a chosen `Host`, which fetch does not allow. */
async function statusOf(
  url: string,
  path: string,
  host: string,
): Promise<number> {
  const { hostname, port } = new URL(url);
  using conn = await Deno.connect({ hostname, port: Number(port) });
  await conn.write(new TextEncoder().encode(
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  ));
  const answer = await new Response(conn.readable).text();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
}
