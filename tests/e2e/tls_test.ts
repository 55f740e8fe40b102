import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "@std/path";
import { assertBytes } from "../support/assert_bytes.ts";
import { capture, needsCapture } from "../support/capture.ts";
import {
  type MadeCertificate,
  makeCertificate,
} from "../support/certificates.ts";
import {
  MUSIC,
  type ProgramOptions,
  runClient,
  RunningProgram,
  runServer,
  serverCommand,
  TempFolder,
  TestServer,
} from "../support/programs.ts";

const SONG = "Ode to Joy.wav";
const FINGERPRINT = /[0-9A-F]{2}(?::[0-9A-F]{2}){31}/;
const isWindows = Deno.build.os === "windows";
/** `DENO_CERT` adds authorities to the sources, but not to binaries. */
const needsSources = {
  ignore: Deno.env.get("ONDACAST_BINARIES") !== undefined,
};

Deno.test("server creates its certificate once, readable only by its user", async () => {
  await using folder = await TempFolder.make();
  const said: string[] = [];
  const kept: string[] = [];
  for (let start = 0; start < 2; start++) {
    await using server = await startSelfSigned(folder);
    said.push(fingerprintOf(server));
    kept.push(await Deno.readTextFile(folder.file("tls/key.pem")));
  }
  assert.equal(said[0], said[1]);
  assert.equal(kept[0], kept[1]);
  if (isWindows) return;
  for (
    const [name, mode] of [["tls/key.pem", 0o600], ["tls", 0o700]] as const
  ) {
    assert.equal((await Deno.stat(folder.file(name))).mode! & 0o777, mode);
  }
});

Deno.test("servers that start concurrently agree on the certificate", async () => {
  await using folder = await TempFolder.make();
  const servers = await Promise.all(
    Array.from({ length: 3 }, () => startSelfSigned(folder)),
  );
  const said = new Set(servers.map(fingerprintOf));
  for (const server of servers) await server[Symbol.asyncDispose]();
  assert.equal(said.size, 1);
});

Deno.test("songs are sent in both directions over TLS, bit for bit", async () => {
  await using folder = await TempFolder.make();
  const music = folder.file("music");
  await Deno.mkdir(music);
  await using server = await startSelfSigned(folder, "--music", music);
  const song = join(MUSIC, SONG);
  const sent = await run(folder, server, ["upload", song]);
  assert.equal(sent.code, 0, sent.stderr);
  const out = folder.file("out.wav");
  const played = await run(folder, server, [
    ...["play", "ode", "--player", `file:${out}`],
  ]);
  assert.deepEqual([played.code, played.stderr], [0, ""]);
  assertBytes(await Deno.readFile(out), await Deno.readFile(song));
});

Deno.test("client trusts a server on first use, reports it, and remembers the server", async () => {
  await using folder = await TempFolder.make();
  await using server = await startSelfSigned(folder);
  const first = await list(folder, server);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stderr, /^note: .*on first use.*\n$/);
  assert.match(first.stderr, new RegExp(fingerprintOf(server)));
  const second = await list(folder, server);
  assert.deepEqual([second.code, second.stderr], [0, ""]);
  const path = folder.file("data/ondacast/known_servers");
  assert.match(
    await Deno.readTextFile(path),
    new RegExp(`^${server.address} ${fingerprintOf(server)} `, "m"),
  );
  if (!isWindows) assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
});

Deno.test("clients that connect to a new server concurrently all remember it", async () => {
  await using folder = await TempFolder.make();
  const servers = await Promise.all(
    Array.from({ length: 3 }, () => startSelfSigned(folder)),
  );
  await Promise.all(servers.map((server) => list(folder, server)));
  for (const server of servers) {
    const { code, stderr } = await list(folder, server);
    await server[Symbol.asyncDispose]();
    assert.deepEqual([code, stderr], [0, ""]);
  }
});

Deno.test("client refuses a server whose certificate has changed", async () => {
  await using folder = await TempFolder.make();
  const old = await startSelfSigned(folder);
  await list(folder, old);
  await old[Symbol.asyncDispose]();
  await Deno.remove(folder.file("tls"), { recursive: true });
  await using server = await startSelfSigned(
    folder,
    ...["--port", String(old.ports.session)],
  );
  const refused = await list(folder, server);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /^THE CERTIFICATE .* CHANGED.* \(bad-certificate\)$/m,
  );
  assert.match(refused.stderr, new RegExp(fingerprintOf(old)));
  assert.match(refused.stderr, new RegExp(fingerprintOf(server)));
  const [, place] =
    /`ondacast trust --forget (.*)` \(line 2 of .*known_servers\)/
      .exec(refused.stderr)!;
  const trust = (...words: string[]) =>
    runClient(["trust", ...words], { env: dataEnv(folder) });
  const before = JSON.parse((await trust("--json")).stdout);
  assert.deepEqual(before, [{ place, fingerprint: fingerprintOf(old) }]);
  const wrong = await trust("--forget", "nowhere");
  assert.match(wrong.stderr, new RegExp(`Known are ${place}.*not-found`));
  assert.equal((await trust("--forget", place)).code, 0);
  assert.deepEqual(JSON.parse((await trust("--json")).stdout), []);
  assert.equal((await list(folder, server)).code, 0);
});

Deno.test({
  name:
    "client refuses another certificate for a known server, even if an authority signed it",
  ...needsSources,
  async fn() {
    await using folder = await TempFolder.make();
    const old = await startSelfSigned(folder);
    await list(folder, old);
    await old[Symbol.asyncDispose]();
    const authority = await makeCertificate(folder, "ca", {
      isAuthority: true,
    });
    const other = await makeCertificate(folder, "evil", {
      names: ["evil.example"],
      by: authority,
    });
    await using server = await startWith(
      other,
      ...["--port", String(old.ports.session)],
    );
    const { code, stderr } = await list(folder, server, [], {
      env: { DENO_CERT: authority.files.cert },
    });
    assert.equal(code, 1);
    assert.match(stderr, /^THE CERTIFICATE .* CHANGED.* \(bad-certificate\)$/m);
    assert.match(stderr, new RegExp(other.fingerprint));
  },
});

Deno.test({
  name:
    "client remembers that an authority signed a server's certificate, and then requires it",
  ...needsSources,
  async fn() {
    await using folder = await TempFolder.make();
    const authority = await makeCertificate(folder, "ca", {
      isAuthority: true,
    });
    const good = await startWith(
      await makeCertificate(folder, "good", {
        names: ["127.0.0.1"],
        by: authority,
      }),
    );
    const env = { DENO_CERT: authority.files.cert };
    for (let use = 0; use < 2; use++) {
      const { code, stderr } = await list(folder, good, [], { env });
      assert.deepEqual([code, stderr], [0, ""]);
    }
    await good[Symbol.asyncDispose]();
    await using server = await startSelfSigned(
      folder,
      ...["--port", String(good.ports.session)],
    );
    const { code, stderr } = await list(folder, server, [], { env });
    assert.equal(code, 1);
    assert.match(stderr, /CHANGED: .*an authority had signed it before/);
  },
});

Deno.test("client trusts an authority by --tls-ca, and no other", async () => {
  await using folder = await TempFolder.make();
  const [ours, another] = await Promise.all(
    ["ours", "another"].map((name) =>
      makeCertificate(folder, name, { isAuthority: true })
    ),
  );
  const certificate = await makeCertificate(folder, "server", {
    names: ["127.0.0.1"],
    by: ours,
  });
  await using server = await startWith(certificate);
  const trusted = await list(folder, server, ["--tls-ca", ours.files.cert]);
  assert.deepEqual([trusted.code, trusted.stderr], [0, ""]);
  const refused = await list(folder, server, ["--tls-ca", another.files.cert]);
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /does not hold by .*another.* \(bad-certificate\)$/m,
  );
  assert.match(refused.stderr, new RegExp(certificate.fingerprint));
  const unknown = await list(folder, server);
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.stderr,
    /signed by "CN=ours".*--tls-ca.* \(bad-certificate\)$/m,
  );
});

Deno.test("client checks the server's name in a certificate signed by an authority", async () => {
  await using folder = await TempFolder.make();
  const authority = await makeCertificate(folder, "ca", { isAuthority: true });
  await using server = await startWith(
    await makeCertificate(folder, "server", {
      names: ["other.example"],
      by: authority,
    }),
  );
  const { code, stderr } = await list(folder, server, [
    ...["--tls-ca", authority.files.cert],
  ]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /not valid for name "127\.0\.0\.1".* \(bad-certificate\)$/m,
  );
});

Deno.test("client trusts a copy of the server's own certificate, whatever names it has", async () => {
  await using folder = await TempFolder.make();
  const own = await makeCertificate(folder, "own", { names: ["pi.local"] });
  await using server = await startWith(own);
  const trusted = await list(folder, server, ["--tls-ca", own.files.cert]);
  assert.deepEqual([trusted.code, trusted.stderr], [0, ""]);
});

for (
  const [what, options, said] of [
    ["for signing others", { isAuthority: true }, /CA:TRUE/],
    [
      "with public names only",
      { names: ["example.org"] },
      /does not contain the name/,
    ],
    ["without names", {}, /does not contain the name/],
  ] as const
) {
  Deno.test(`client refuses to pin a certificate ${what}`, async () => {
    await using folder = await TempFolder.make();
    await using server = await startWith(
      await makeCertificate(folder, "server", {
        ...options,
        names: "names" in options ? [...options.names] : [],
      }),
    );
    const { code, stderr } = await list(folder, server);
    assert.equal(code, 1);
    assert.match(stderr, /\(bad-certificate\)$/m);
    assert.match(stderr, said);
  });
}

Deno.test("client without TLS reports that the server requires it", async () => {
  await using folder = await TempFolder.make();
  await using server = await startSelfSigned(folder);
  const { code, stderr } = await runClient([
    "list",
    "--server",
    server.address,
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /requires TLS\. Use --tls.* \(tls-mismatch\)\n$/);
});

Deno.test("client with TLS reports that the server has none", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start();
  const { code, stderr } = await list(folder, server);
  assert.equal(code, 1);
  assert.match(stderr, /leave --tls out.* \(tls-mismatch\)\n$/);
});

Deno.test("client uses TLS by ONDACAST_TLS, and refuses it for a plain stream", async () => {
  await using folder = await TempFolder.make();
  await using server = await startSelfSigned(folder);
  const env = { ...dataEnv(folder), ONDACAST_TLS: "1" };
  const at = ["--server", server.address];
  assert.equal((await runClient(["list", ...at], { env })).code, 0);
  const plain = await runClient(["stream", ...at], { env });
  assert.equal(plain.code, 2);
  assert.match(plain.stderr, /^Cannot encrypt a plain stream.* \(usage\)$/m);
  const off = { ...env, ONDACAST_TLS: "0" };
  const { stderr } = await runClient(["list", ...at], { env: off });
  assert.match(stderr, /\(tls-mismatch\)$/m);
});

const home = homeAddress();
Deno.test({
  name: "client warns about an unencrypted token only without TLS",
  ignore: home === null, // without a network beyond loopback
  async fn() {
    await using folder = await TempFolder.make();
    for (const isEncrypted of [false, true]) {
      await using server = await startSelfSigned(
        folder,
        ...["--host", "0.0.0.0", "--token", "a secret"],
      );
      const { stderr } = await runClient([
        ...["list", "--token", "a secret"],
        ...["--server", `${home}:${server.ports.session}`],
        ...(isEncrypted ? ["--tls"] : []),
      ], { env: dataEnv(folder) });
      assert.equal(/token goes to .* unencrypted/.test(stderr), !isEncrypted);
    }
  },
});

Deno.test("server speaks HTTPS", async () => {
  await using folder = await TempFolder.make();
  await using server = await startSelfSigned(folder);
  const url = `https://127.0.0.1:${server.ports.http}`;
  using client = Deno.createHttpClient({
    caCerts: [await Deno.readTextFile(folder.file("tls/cert.pem"))],
  });
  for (const path of ["/healthz", "/readyz", "/"]) {
    const answer = await fetch(url + path, { client });
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
  }
});

/**
 * A ClientHello (RFC 5246, section 7.4.1.2) without extensions but for the
 * curve and signature that the certificate needs.
 *
 * @param minor The version's second number: 1 is TLS 1.0, 3 is TLS 1.2.
 */
function clientHello(minor: number): Uint8Array<ArrayBuffer> {
  const extensions = [
    ...[0, 10, 0, 4, 0, 2, 0, 0x17], // supported_groups: secp256r1
    ...[0, 13, 0, 4, 0, 2, 4, 3], // signature_algorithms: ecdsa, SHA-256
    ...[0, 11, 0, 2, 1, 0], // ec_point_formats: uncompressed
    ...[0, 23, 0, 0], // extended_master_secret
  ];
  const suites = [0xc0, 0x2b, 0xc0, 0x09]; // ECDHE-ECDSA: AES-GCM, AES-CBC
  const body = [
    ...[3, minor, ...crypto.getRandomValues(new Uint8Array(32)), 0],
    ...[0, suites.length, ...suites, 1, 0],
    ...[0, extensions.length, ...extensions],
  ];
  const handshake = [1, 0, 0, body.length, ...body];
  return new Uint8Array([0x16, 3, 1, 0, handshake.length, ...handshake]);
}

Deno.test("server refuses TLS 1.0 and 1.1, and SSL 3.0, on both ports", async () => {
  await using folder = await TempFolder.make();
  await using server = await startSelfSigned(folder);
  const answer = async (port: number, hello: Uint8Array) => {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port });
    await conn.write(hello);
    const bytes = new Uint8Array(7);
    await conn.read(bytes);
    return [...bytes];
  };
  for (const port of [server.ports.session, server.ports.http]) {
    for (const minor of [0, 1, 2]) {
      const [type, , , , length, level, alert] = await answer(
        port,
        clientHello(minor),
      );
      // A fatal alert: protocol_version (RFC 5246, section 7.2).
      assert.deepEqual([type, length, level, alert], [0x15, 2, 2, 70]);
    }
    const [type, major, minor, , , message] = await answer(
      port,
      clientHello(3),
    );
    assert.deepEqual([type, major, minor, message], [0x16, 3, 3, 2]);
  }
});

Deno.test("server sends no data to clients without TLS, on both ports", async () => {
  await using folder = await TempFolder.make();
  await using server = await startSelfSigned(folder);
  const hello = '{"type":"hello","version":1}';
  for (
    const [port, said] of [
      [server.ports.session, `\u0001\0\0${String.fromCharCode(28)}${hello}`],
      [server.ports.http, "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n"],
    ] as const
  ) {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port });
    await conn.write(new TextEncoder().encode(said));
    const got = await new Response(conn.readable).bytes();
    assert.ok(got.length <= 7, "no more than an alert");
    if (got.length > 0) assert.equal(got[0], 0x15);
  }
});

Deno.test("server omits the plain stream with TLS, unless it is requested", async () => {
  await using folder = await TempFolder.make();
  for (
    const [words, ports] of [[[], 2], [["--stream-port", "0"], 3]] as const
  ) {
    await using program = new RunningProgram(...serverCommand([
      ...["--port", "0", "--http-port", "0", "--music", MUSIC],
      ...["--tls-self-signed", "--tls-dir", folder.file("tls"), ...words],
    ]));
    const [, line] = await program.printed(/^listening (.*)\n/);
    assert.equal(Object.keys(JSON.parse(line)).length, ports);
  }
});

Deno.test("server disconnects clients that never finish a handshake, and serves others meanwhile", async () => {
  await using folder = await TempFolder.make();
  await using server = await startSelfSigned(folder);
  await list(folder, server); // The client's start is not counted below.
  const before = openFiles(server);
  // The second half of them sends only a ClientHello that announces more.
  const begun = new Uint8Array([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]);
  const startMs = performance.now();
  const conns = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const port = i % 3 === 0 ? server.ports.http : server.ports.session;
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      if (i % 2 === 0) await conn.write(begun);
      return conn;
    }),
  );
  const { code, stderr } = await list(folder, server);
  assert.deepEqual([code, stderr], [0, ""]);
  await Promise.all(conns.map(async (conn) => {
    const rest = conn.read(new Uint8Array(9)).catch(() => null);
    assert.equal(await rest, null);
    conn.close();
  }));
  const seconds = (performance.now() - startMs) / 1000;
  assert.ok(seconds > 4 && seconds < 15, `${seconds} s`);
  await server.program.printed(/no TLS with .*no handshake in time/, "stderr");
  assert.equal((await list(folder, server)).code, 0);
  if (before !== null) assert.ok(openFiles(server)! <= before + 10);
});

Deno.test("server exits at once even if handshakes are pending", {
  ignore: isWindows, // Windows programs cannot be sent SIGTERM.
}, async () => {
  await using folder = await TempFolder.make();
  await using server = await startSelfSigned(folder);
  using _conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.ports.session,
  });
  assert.equal((await list(folder, server)).code, 0);
  const startMs = performance.now();
  server.program.child.kill("SIGTERM");
  assert.equal((await server.program.ended()).code, 0);
  assert.ok(performance.now() - startMs < 3_000);
});

Deno.test("server reports a problem with its TLS files in one line", async () => {
  await using folder = await TempFolder.make();
  const [one, two, expired] = await Promise.all([
    makeCertificate(folder, "one"),
    makeCertificate(folder, "two"),
    makeCertificate(folder, "expired", { validDays: -1 }),
  ]);
  const song = join(MUSIC, SONG);
  const { cert, key } = one.files;
  const own = ["--tls-self-signed"];
  const cases: [words: string[], code: number, said: RegExp][] = [
    [["--tls-cert", cert], 2, /--tls-key.* \(usage\)$/m],
    [["--tls-key", key], 2, /--tls-cert.* \(usage\)$/m],
    [
      ["--tls-cert", cert, "--tls-key", key, ...own],
      2,
      /choose one.* \(usage\)$/m,
    ],
    [["--tls-dir", folder.path], 2, /--tls-self-signed.* \(usage\)$/m],
    [["--tls-cert", "no-such", "--tls-key", key], 1, /no-such: there is no/],
    [["--tls-cert", cert, "--tls-key", "no-such"], 1, /no-such: there is no/],
    [["--tls-cert", song, "--tls-key", key], 1, /expected one in PEM/],
    [["--tls-cert", key, "--tls-key", key], 1, /expected one in PEM/],
    [["--tls-cert", cert, "--tls-key", cert], 1, /key not encrypted/],
    [
      ["--tls-cert", cert, "--tls-key", two.files.key],
      1,
      /do not belong together/,
    ],
    [
      ["--tls-cert", expired.files.cert, "--tls-key", expired.files.key],
      1,
      /has expired/,
    ],
    [[...own, "--tls-dir", cert], 1, /--tls-dir names another/],
  ];
  await Promise.all(cases.map(async ([words, code, said]) => {
    const result = await runServer(words);
    assert.equal(result.code, code, words.join(" "));
    const [line, ...rest] = result.stderr.trimEnd().split("\n").toReversed();
    assert.match(line, said);
    assert.match(line, code === 2 ? /\(usage\)$/m : / \(bad-certificate\)$/m);
    assert.equal(result.stdout, "");
    // The log precedes it.
    for (const other of rest) assert.match(other, /ondacast\.server: TLS with/);
  }));
});

Deno.test({
  name:
    "neither the token nor the song can be read from the bytes sent over TLS",
  ...needsCapture,
  async fn() {
    await using folder = await TempFolder.make();
    const token = "a-very-secret-token";
    const audio = await Deno.readFile(join(MUSIC, SONG));
    // From the middle, where no two pieces are equal or all zeros.
    const samples = Array.from(
      { length: 64 },
      (_, i) =>
        Buffer.from(audio.subarray(1e5 + i * 5000, 1e5 + i * 5000 + 48)),
    );
    for (const isEncrypted of [false, true]) {
      await using server = isEncrypted
        ? await startSelfSigned(folder, "--token", token)
        : await TestServer.start(["--token", token]);
      const file = folder.file(`${isEncrypted}.pcapng`);
      await capture(file, server.ports, async () => {
        const { code, stderr } = await run(
          folder,
          server,
          [
            ...["play", SONG, "--player", "null:fast", "--token", token],
          ],
          {},
          isEncrypted,
        );
        assert.equal(code, 0, stderr);
      });
      const seen = Buffer.from(await Deno.readFile(file));
      assert.ok(seen.length > audio.length, "all of it was captured");
      const readable = {
        token: seen.includes(token),
        song: seen.includes(SONG),
        // Few pieces span two packets.
        samples: samples.filter((piece) => seen.includes(piece)).length > 32,
        some: samples.some((piece) => seen.includes(piece)),
      };
      const open = !isEncrypted;
      assert.deepEqual(
        readable,
        { token: open, song: open, samples: open, some: open },
      );
    }
  },
});

/** A server with a self-signed certificate, kept in the folder. */
function startSelfSigned(
  folder: TempFolder,
  ...words: string[]
): Promise<TestServer> {
  return TestServer.start([
    ...["--tls-self-signed", "--tls-dir", folder.file("tls"), ...words],
  ]);
}

function startWith(
  { files }: MadeCertificate,
  ...words: string[]
): Promise<TestServer> {
  return TestServer.start([
    ...["--tls-cert", files.cert, "--tls-key", files.key, ...words],
  ]);
}

/** The fingerprint that the server prints. */
function fingerprintOf(server: TestServer): string {
  const line = /TLS with the certificate .*/.exec(server.program.stderr)?.[0];
  return FINGERPRINT.exec(line!)![0];
}

/** Lists the songs over TLS, with the user's data in the folder. */
function list(
  folder: TempFolder,
  server: TestServer,
  words: string[] = [],
  options: ProgramOptions = {},
) {
  return run(folder, server, ["list", ...words], options);
}

function run(
  folder: TempFolder,
  server: TestServer,
  words: string[],
  options: ProgramOptions = {},
  isEncrypted = !words.includes("--tls-ca"),
) {
  return runClient([
    ...[...words, "--no-cache", "--server", server.address],
    ...(isEncrypted ? ["--tls"] : []),
  ], { ...options, env: { ...dataEnv(folder), ...options.env } });
}

/** The environment of a user whose data is in the folder. */
function dataEnv(folder: TempFolder): Record<string, string> {
  const data = folder.file("data");
  return { XDG_DATA_HOME: data, APPDATA: data };
}

/** An address of this machine beyond loopback. */
function homeAddress(): string | null {
  return Deno.networkInterfaces().find(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.")
  )?.address ?? null;
}

/** The number of open file descriptors of a server; null: unknown. */
function openFiles(server: TestServer): number | null {
  if (Deno.build.os !== "linux") return null;
  return [...Deno.readDirSync(`/proc/${server.program.child.pid}/fd`)].length;
}
