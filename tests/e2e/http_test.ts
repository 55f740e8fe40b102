import assert from "node:assert/strict";
import { join } from "@std/path";
import { WaveformTable } from "../../lib/host/waveform_table.ts";
import { readKeyOf } from "../../lib/server/read_key.ts";
import { openData } from "../../lib/io/disk/server_data.ts";
import { assertBytes } from "../support/assert_bytes.ts";
import {
  askRaw,
  type RawRequest,
  readMetrics,
  requestHead,
  UPGRADE,
} from "../support/http_request.ts";
import { HELLO } from "../support/memory_server.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import {
  concat,
  dataFrame,
  messageFrame,
  RawPeer,
} from "../support/raw_peer.ts";
import {
  MUSIC,
  runClient,
  TempFolder,
  TestServer,
} from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";
import {
  OPCODE,
  RawWebSocket,
  WebSocketClient,
} from "../support/web_sockets.ts";
import { seen } from "../support/seen.ts";

const ODE = await Deno.readFile(join(MUSIC, "Ode to Joy.wav"));
const GIGABYTE = 2 ** 30;

function hello(fields: Record<string, unknown> = {}) {
  const device = crypto.randomUUID();
  return {
    ...{ type: "hello", version: 1, name: "tab", device, window: 64 * 1024 },
    ...fields,
  };
}

/** A WebSocket after its `welcome`. */
async function welcomed(server: TestServer, fields = {}) {
  const client = await WebSocketClient.open(server.ports.http);
  const peer = new RawPeer(client, true, 2 << 20);
  await peer.send(hello(fields));
  return { client, peer, welcome: await peer.next("welcome") };
}

/** Waits until the server's metrics have expected values. */
async function numbersWith(
  server: TestServer,
  wanted: (numbers: Map<string, number>) => boolean,
): Promise<Map<string, number>> {
  return await seen(
    "other metrics",
    () => readMetrics(server.ports.http),
    wanted,
  );
}

/** Waits until a metric has stayed the same for a while. */
async function numbersAtRest(server: TestServer, name: string) {
  let before = NaN;
  let same = 0;
  return await numbersWith(server, (numbers) => {
    same = numbers.get(name) === before ? same + 1 : 0;
    before = numbers.get(name)!;
    return same === 5;
  });
}

Deno.test("a WebSocket carries a session: hello, list, a complete song by grants, stop", async () => {
  await using server = await TestServer.start();
  const { client, peer, welcome } = await welcomed(server);
  assert.match(welcome.you, /^127\.0\.0\.1:\d+$/);

  await peer.send({ type: "list", id: 7 });
  const { songs, re } = await peer.next("songs");
  assert.equal(re, 7);
  assert.ok(
    songs.some(({ name }: { name: string }) => name === "Ode to Joy.wav"),
  );

  await peer.send({ type: "play", song: "ode to joy" });
  const start = await peer.next("start");
  assert.equal(start.bytes, ODE.length);
  let granted = 64 * 1024;
  while (peer.data.length < ODE.length) {
    assert.ok(peer.data.length <= granted, "more than was granted");
    await peer.send({ type: "grant", bytes: 50_001 });
    granted += 50_001;
    await peer.send({ type: "ping", id: granted });
    await peer.next("pong");
  }
  assert.deepEqual(peer.data, ODE);
  while (!peer.types().includes("empty")) {
    await peer.send({ type: "ping" });
    await peer.next("pong");
  }
  assert.equal(peer.messages("end").length, 1);

  await peer.send({ type: "play", song: "canon in d", id: 8 });
  const { stream } = await peer.next("start");
  await peer.send({ type: "stop", stream });
  assert.equal((await peer.next("stopped")).stream, stream);
  await peer.send({ type: "bye" });
  assert.equal(await client.closed, 1000);

  for (const message of client.messages) assertWholeFrames(message);
  await server.program.printed(
    /session 1 from "127\.0\.0\.1:\d+" begins over "websocket"[\s\S]*session 1 .*ends: "said bye"/,
    "stderr",
  );
});

function assertWholeFrames(message: Uint8Array): void {
  let at = 0;
  while (at < message.length) {
    at += 4 + (message[at + 1] << 16 | message[at + 2] << 8 | message[at + 3]);
  }
  assert.equal(at, message.length);
}

Deno.test("a WebSocket sends the longest frames too", async () => {
  await using server = await TestServer.start(["--block", "1MiB"]);
  const { client, peer } = await welcomed(server, { window: GIGABYTE });
  await peer.send({ type: "play", song: "ode to joy" });
  await peer.next("end");
  assert.deepEqual(peer.data, ODE);
  client.close();
  await client.closed;
});

Deno.test("a WebSocket accepts frames split over messages at any byte", async () => {
  await using server = await TestServer.start();
  using socket = await RawWebSocket.open(server.ports.http);
  const bytes = messageFrame(hello());
  await socket.send(OPCODE.binary, bytes.subarray(0, 3));
  await socket.send(OPCODE.binary, new Uint8Array(0));
  await socket.send(OPCODE.binary, bytes.subarray(3, 20), false);
  await socket.send(OPCODE.ping, new Uint8Array([1, 2]));
  await socket.send(OPCODE.more, bytes.subarray(20));
  const pong = await socket.next();
  assert.deepEqual([pong?.opcode, [...pong!.payload]], [10, [1, 2]]);
  const answer = await socket.next();
  assert.match(new TextDecoder().decode(answer?.payload), /"welcome"/);
});

Deno.test("a WebSocket uploads a song, and receives one cast by a TCP client", async () => {
  await using folder = await TempFolder.make();
  await using server = await TestServer.start([
    ...["--music", folder.path, "--min-free", "0"],
  ]);
  const { client, peer } = await welcomed(server, { receive: true });
  const digest = await crypto.subtle.digest("SHA-256", ODE);
  const sha256 = [...new Uint8Array(digest)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await peer.send({
    type: "upload",
    song: "ode.wav",
    bytes: ODE.length,
    sha256,
  });
  assert.ok((await peer.next("ready")).window >= ODE.length);
  const MIB = 1 << 20;
  for (let at = 0; at < ODE.length; at += MIB) {
    await peer.write(dataFrame(ODE.subarray(at, at + MIB)));
  }
  await peer.write(new Uint8Array(4));
  assert.equal((await peer.next("stored")).song, "ode.wav");
  assertBytes(await Deno.readFile(folder.file("ode.wav")), ODE);

  const other = await openSession(server.ports.session);
  await other.request({ type: "cast", song: "ode", to: ["tab"] });
  assert.equal((await peer.next("start")).song, "ode.wav");
  other.close();
  client.close();
  await client.closed;
});

const FORBIDDEN: [what: string, origin: string][] = [
  ["another host", "http://evil.example"],
  ["another port", "http://127.0.0.1:1"],
  ["null", "null"],
];

for (const [what, origin] of FORBIDDEN) {
  Deno.test(`a WebSocket of the origin ${what} is refused with 403`, async () => {
    await using server = await TestServer.start();
    const headers = { ...UPGRADE, origin };
    const request = { path: "/session", headers };
    assert.equal((await askRaw(server.ports.http, request)).status, 403);
  });
}

Deno.test("a WebSocket of the server's own page is accepted under any of its names", async () => {
  await using server = await TestServer.start(["--http-host", "Songs.example"]);
  const { http } = server.ports;
  for (const name of ["127.0.0.1", "localhost", "pi.local", "songs.example."]) {
    const host = `${name}:${http}`;
    using _socket = await RawWebSocket.open(http, {
      headers: { host, origin: `http://${host}` },
    });
  }
});

const ANSWERS: [what: string, request: RawRequest, status: number][] = [
  [
    "a foreign host name",
    { headers: { host: "evil.example" } },
    421,
  ],
  ["an IPv6 address", { headers: { host: "[::1]:4042" } }, 200],
  ["the machine's name in capitals", {
    headers: { host: `${Deno.hostname().toUpperCase()}.` },
  }, 200],
  ["no host", { headers: { host: "" } }, 421],
  ["a WebSocket for a wrong host", {
    path: "/session",
    headers: {
      ...UPGRADE,
      host: "evil.example",
      origin: "http://evil.example",
    },
  }, 421],
  ["/session without an upgrade", { path: "/session" }, 426],
  ["/session with an upgrade to something else", {
    path: "/session",
    headers: { connection: "upgrade", upgrade: "h2c" },
  }, 426],
  ["/session with half a handshake", {
    path: "/session",
    headers: { connection: "upgrade", upgrade: "websocket" },
  }, 400],
  ["HEAD of /session", { method: "HEAD", path: "/session" }, 405],
  ["a missing page", { path: "/constructor" }, 404],
  ["a query", { path: "/healthz?x=1" }, 200],
  ["POST", { method: "POST" }, 405],
  ["POST of another origin", {
    method: "POST",
    headers: { origin: "http://evil.example" },
  }, 403],
  [
    "GET of another origin",
    { headers: { origin: "http://evil.example" } },
    403,
  ],
  ["GET of the origin null", { headers: { origin: "null" } }, 403],
  ["health of another origin", {
    path: "/healthz",
    headers: { origin: "http://127.0.0.1" },
  }, 403],
  ["a name of a home network", { headers: { host: "pi.lan:4042" } }, 200],
  ["a bare line feed", { headers: { "x-a": "b\nx-c: d" } }, 400],
  ["metrics", { path: "/metrics" }, 200],
  ["metrics by a proxy", { path: "/metrics", headers: { via: "1.1 a" } }, 403],
  ["the page by a proxy", { headers: { "x-forwarded-for": "10.0.0.9" } }, 200],
  ["a request that is not HTTP", { method: "a b" }, 400],
  ["a head without end", { headers: { "x-long": "a".repeat(20_000) } }, 431],
];

Deno.test("the HTTP port answers each kind of request with its status", async (t) => {
  await using server = await TestServer.start();
  for (const [what, request, status] of ANSWERS) {
    await t.step(`${what}: ${status}`, async () => {
      const answer = await askRaw(server.ports.http, request);
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get("connection")?.toLowerCase(), "close");
    });
  }
});

Deno.test("the HTTP port answers HEAD without a body, and other methods with Allow", async () => {
  await using server = await TestServer.start();
  const { http } = server.ports;
  const head = await askRaw(http, { method: "HEAD", path: "/healthz" });
  assert.deepEqual([head.status, head.body], [200, ""]);
  assert.equal(head.headers.get("content-length"), "3");
  const post = await askRaw(http, { method: "DELETE", path: "/healthz" });
  assert.deepEqual([post.status, post.headers.get("allow")], [
    405,
    "GET, HEAD",
  ]);
});

Deno.test("one connection serves requests, a missing page and then a session", async () => {
  await using server = await TestServer.start();
  const { http } = server.ports;
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: http });
  const keeps = { connection: "keep-alive" };
  const requests: RawRequest[] = [
    { path: "/healthz", headers: keeps },
    { path: "/none", headers: keeps },
    { method: "HEAD", path: "/readyz", headers: keeps },
    { path: "/session", headers: UPGRADE },
  ];
  await conn.write(concat(requests.map((one) => requestHead(http, one))));
  let text = "";
  const buffer = new Uint8Array(4096);
  while (!text.includes("sec-websocket-accept")) {
    const count = await conn.read(buffer);
    assert.ok(count !== null, text);
    text += new TextDecoder().decode(buffer.subarray(0, count)).toLowerCase();
  }
  assert.deepEqual(text.match(/http\/1\.1 \d+/g), [
    "http/1.1 200",
    "http/1.1 404",
    "http/1.1 200",
    "http/1.1 101",
  ]);
});

Deno.test("a song is served over HTTP as a file: whole, in part, and only if modified", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("ode.wav"), ODE);
  const token = "a secret";
  await using server = await TestServer.start([
    ...["--music", folder.path, "--token", token],
  ]);
  const url = `http://127.0.0.1:${server.ports.http}/songs/ode.wav?key=${
    readKeyOf(token)
  }`;
  const whole = await fetch(url);
  assertBytes(new Uint8Array(await whole.arrayBuffer()), ODE);
  const etag = whole.headers.get("etag")!;
  const part = await fetch(url, {
    headers: { range: "bytes=-1000", "if-range": etag },
  });
  assert.equal(part.status, 206);
  assertBytes(new Uint8Array(await part.arrayBuffer()), ODE.slice(-1000));
  const again = await fetch(url, { headers: { "if-none-match": etag } });
  assert.deepEqual([again.status, await again.text()], [304, ""]);
  const wav = await fetch(`${url}&as=wav`);
  assertBytes(new Uint8Array(await wav.arrayBuffer()), ODE);
  await Deno.writeFile(folder.file("ode.wav"), ODE.slice(0, 100_044));
  const other = await fetch(url, {
    headers: { range: "bytes=0-9", "if-range": etag },
  });
  assert.equal((await other.arrayBuffer()).byteLength, 100_044);
  assert.doesNotMatch(server.program.stderr, /key=/);
});

Deno.test("a song download over HTTP counts as a client until it ends", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("long.wav"), wavFile(CD, noise(16 << 20)));
  await using server = await TestServer.start([
    ...["--music", folder.path, "--max-clients", "1"],
  ]);
  const { http } = server.ports;
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: http });
  await conn.write(requestHead(http, { path: "/songs/long.wav" }));
  await conn.read(new Uint8Array(100));
  const { status } = await askRaw(http, { path: "/songs/long.wav" });
  assert.equal(status, 503);
  const head = { method: "HEAD", path: "/songs/long.wav" };
  assert.equal((await askRaw(http, head)).status, 200);
  const client = await WebSocketClient.open(http);
  const peer = new RawPeer(client);
  await peer.send(hello());
  assert.equal((await peer.next("error")).code, "busy");
  await client.closed;
  conn.close();
  await server.program.printed(/request from .* ends: "lost/, "stderr");
  const next = await welcomed(server);
  next.client.close();
  await next.client.closed;
});

Deno.test("metrics count songs played, uploaded, cast and refused", async () => {
  await using folder = await TempFolder.make();
  await Deno.writeFile(folder.file("ode.wav"), ODE);
  await using server = await TestServer.start([
    ...["--music", folder.path, "--min-free", "0"],
  ]);
  const before = await readMetrics(server.ports.http);
  assert.equal(before.get('ondacast_sessions_total{transport="tcp"}'), 0);

  const words = ["--server", server.address];
  await runClient([
    "play",
    "ode",
    "--player",
    "null:fast",
    "--no-cache",
    ...words,
  ]);
  await runClient(["upload", join(MUSIC, "Canon in D.wav"), ...words]);
  await runClient(["upload", join(MUSIC, "Canon in D.wav"), ...words]);
  const { client, peer } = await welcomed(server, { receive: true });
  const other = await openSession(server.ports.session);
  await other.request({ type: "cast", song: "ode", to: ["tab"] });
  await peer.next("start");
  await peer.send({ type: "play", song: "no such song" });
  await peer.next("error");

  const numbers = await numbersWith(
    server,
    (numbers) =>
      numbers.get("ondacast_clients") === 2 &&
      // measured twice a second
      numbers.get("ondacast_event_loop_delay_seconds_count")! >= 1,
  );
  const size = (await Deno.stat(folder.file("Canon in D.wav"))).size;
  const exactly: [name: string, value: number][] = [
    ['ondacast_sessions_total{transport="tcp"}', 4],
    ['ondacast_sessions_total{transport="websocket"}', 1],
    ["ondacast_listeners", 1],
    ["ondacast_streams_started_total", 2],
    ['ondacast_uploads_total{result="stored"}', 1],
    ['ondacast_uploads_total{result="refused"}', 1],
    ["ondacast_casts_total", 1],
    ['ondacast_errors_total{code="exists"}', 1],
    ['ondacast_errors_total{code="not-found"}', 1],
    ["ondacast_songs", 2],
  ];
  // A client may leave before the server knows that everything was sent.
  const ended = numbers.get("ondacast_streams_ended_total")!;
  const stopped = numbers.get("ondacast_streams_stopped_total")!;
  assert.equal(ended + stopped, 1);
  for (const [name, value] of exactly) {
    assert.equal(numbers.get(name), value, name);
  }
  const between: [name: string, least: number, most: number][] = [
    [
      'ondacast_sent_bytes_total{port="session"}',
      ODE.length,
      ODE.length + 200_000,
    ],
    ["ondacast_received_bytes_total", size, size + 100_000],
    ['ondacast_page_lookups_total{result="hit"}', 1, 1000],
    ['ondacast_page_lookups_total{result="miss"}', 1, 1000],
    ["process_resident_memory_bytes", 20e6, 1e9],
    ["process_start_time_seconds", Date.now() / 1000 - 600, Date.now() / 1000],
    ["ondacast_event_loop_delay_seconds_count", 1, 10_000],
  ];
  for (const [name, least, most] of between) {
    const value = numbers.get(name) ?? NaN;
    assert.ok(value >= least && value <= most, `${name} ${value}`);
  }
  await peer.send({ type: "stop" });
  await peer.next("stopped");
  const after = await readMetrics(server.ports.http);
  assert.equal(after.get("ondacast_listeners"), 0);
  assert.equal(after.get("ondacast_streams_stopped_total"), stopped + 1);
  other.close();
  client.close();
  await client.closed;
});

Deno.test("metrics are in Prometheus' text format, with each family once", async () => {
  await using server = await TestServer.start();
  const { headers, body } = await askRaw(server.ports.http, {
    path: "/metrics",
  });
  assert.match(headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
  assert.ok(body.endsWith("\n"));
  const seen = new Set<string>();
  let family = "";
  for (const line of body.trimEnd().split("\n")) {
    const help = /^# HELP ([a-z_]+) [A-Z].*\.$/.exec(line);
    if (help) {
      family = help[1];
      assert.ok(!seen.has(family), line);
      seen.add(family);
    } else if (line.startsWith("#")) {
      assert.match(
        line,
        new RegExp(`^# TYPE ${family} (counter|gauge|histogram)$`),
      );
    } else {
      assert.match(
        line,
        new RegExp(
          `^${family}(_bucket|_sum|_count)?(\\{[a-z]+="[^"\\\\]*"\\})? [0-9.e+-]+$`,
        ),
      );
    }
  }
});

/** An address of this machine that is not loopback. */
const OUTER = Deno.networkInterfaces()
  .find(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.")
  )
  ?.address;

Deno.test({
  name: "metrics are served to this machine, and to others only with the token",
  ignore: OUTER === undefined,
  async fn() {
    await using server = await TestServer.start([
      ...["--host", "0.0.0.0", "--token", "a secret"],
    ]);
    const status = async (hostname: string, authorization?: string) => {
      const headers = authorization === undefined
        ? undefined
        : { authorization };
      const request = { path: "/metrics", hostname, headers };
      return (await askRaw(server.ports.http, request)).status;
    };
    assert.equal(await status("127.0.0.1"), 200);
    assert.equal(await status(OUTER!), 401);
    assert.equal(await status(OUTER!, "Bearer another"), 401);
    assert.equal(await status(OUTER!, "Basic YTphIHNlY3JldA=="), 401);
    assert.equal(await status(OUTER!, "Bearer a secret"), 200);
    assert.equal(await status(OUTER!, "bearer a secret"), 200);

    await using open = await TestServer.start(["--host", "0.0.0.0", "--open"]);
    const request = { path: "/metrics", hostname: OUTER };
    assert.equal((await askRaw(open.ports.http, request)).status, 403);
  },
});

Deno.test("a WebSocket needs the server's token", async () => {
  await using server = await TestServer.start(["--token", "secret"]);
  const client = await WebSocketClient.open(server.ports.http);
  const peer = new RawPeer(client);
  await peer.send(hello());
  assert.equal((await peer.next("error")).code, "unauthorized");
  await client.closed;
  const let_in = await welcomed(server, { token: "secret" });
  let_in.client.close();
  await let_in.client.closed;
});

Deno.test("a WebSocket counts as a client, and is refused as busy beyond the maximum", async () => {
  await using server = await TestServer.start(["--max-clients", "1"]);
  const first = await openSession(server.ports.session);
  const client = await WebSocketClient.open(server.ports.http);
  const peer = new RawPeer(client);
  await peer.send({ ...HELLO, device: "another" });
  const { code, fatal } = await peer.next("error");
  assert.deepEqual([code, fatal], ["busy", true]);
  assert.equal(await client.closed, 1000);
  first.close();
});

Deno.test("a silent WebSocket is refused with timeout within 5 s", async () => {
  await using server = await TestServer.start();
  const client = await WebSocketClient.open(server.ports.http);
  const peer = new RawPeer(client);
  assert.equal((await peer.next("error")).code, "timeout");
  assert.equal(await client.closed, 1000);
});

Deno.test("a WebSocket that sends text is refused with bad-frame and closed with 1003", async () => {
  await using server = await TestServer.start();
  const { client, peer } = await welcomed(server);
  client.sendText('{"type":"list"}');
  assert.equal((await peer.next("error")).code, "bad-frame");
  assert.equal(await client.closed, 1003);
});

Deno.test("a WebSocket is closed with 1009 before a message that is too long is read", async () => {
  await using server = await TestServer.start();
  const { http } = server.ports;
  using announced = await RawWebSocket.open(http);
  await announced.writeAll(announced.header(OPCODE.binary, 2 << 20));
  assert.equal(await announced.closeCode(), 1009);

  using pieces = await RawWebSocket.open(http);
  const piece = new Uint8Array(256 * 1024);
  await pieces.send(OPCODE.binary, piece, false);
  for (let i = 0; i < 4; i++) await pieces.send(OPCODE.more, piece, false);
  assert.equal(await pieces.closeCode(), 1009);

  using crumbs = await RawWebSocket.open(http);
  await crumbs.send(OPCODE.binary, new Uint8Array(1), false);
  for (let i = 0; i < 1024; i++) {
    await crumbs.send(OPCODE.more, new Uint8Array(1), false);
  }
  assert.equal(await crumbs.closeCode(), 1008);
  await numbersWith(server, (numbers) => numbers.get("ondacast_clients") === 0);
});

Deno.test("a WebSocket that breaks RFC 6455 is closed with 1002", async () => {
  await using server = await TestServer.start();
  for (
    const bytes of [
      [0x82, 0x01, 0x00], // not masked
      [0xC2, 0x80, 0, 0, 0, 0], // a bit of an extension
      [0x83, 0x80, 0, 0, 0, 0], // a reserved opcode
      [0x80, 0x80, 0, 0, 0, 0], // a continuation without a beginning
    ]
  ) {
    using socket = await RawWebSocket.open(server.ports.http);
    await socket.writeAll(Uint8Array.from(bytes));
    assert.equal(await socket.closeCode(), 1002);
  }
});

Deno.test({
  name:
    "WebSockets that grant everything but read no data hold little of the server's memory",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await TempFolder.make();
    const song = wavFile(CD, noise(16 << 20));
    await Deno.writeFile(folder.file("long.wav"), song);
    await using server = await TestServer.start(["--music", folder.path]);
    const sockets: RawWebSocket[] = [];
    for (let i = 0; i < 40; i++) {
      const socket = await RawWebSocket.open(server.ports.http);
      sockets.push(socket);
      const hi = messageFrame(hello({ window: GIGABYTE }));
      await socket.send(OPCODE.binary, hi);
      const play = messageFrame({ type: "play", song: "long" });
      await socket.send(OPCODE.binary, play);
    }
    // The metric is not stable before all of them have begun.
    await numbersWith(
      server,
      (numbers) => numbers.get("ondacast_listeners") === sockets.length,
    );
    const sent = 'ondacast_sent_bytes_total{port="session"}';
    const numbers = await numbersAtRest(server, sent);
    assert.equal(numbers.get("ondacast_listeners"), 40);
    // If it were unbounded, the songs alone would be 640 MiB.
    const rss = numbers.get("process_resident_memory_bytes")!;
    assert.ok(rss < 250e6, `${Math.round(rss / 1e6)} MB`);

    const { client, peer } = await welcomed(server, { window: GIGABYTE });
    await peer.send({ type: "play", song: "long" });
    await peer.next("end");
    assert.equal(peer.data.length, song.length);
    client.close();
    await client.closed;
    for (const socket of sockets) socket[Symbol.dispose]();
    await numbersWith(server, (now) => now.get("ondacast_clients") === 0);
  },
});

Deno.test({
  name: "a WebSocket that never reads its answers is not read any further",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = await TestServer.start();
    using socket = await RawWebSocket.open(server.ports.http);
    await socket.send(OPCODE.binary, messageFrame(hello()));
    const asks = messageFrame({ type: "list" });
    let written = 0;
    const flood = (async () => {
      while (written < 256 << 20) {
        await socket.send(OPCODE.binary, asks);
        written += asks.length;
      }
    })().catch(() => {});
    const numbers = await numbersAtRest(
      server,
      "ondacast_received_bytes_total",
    );
    assert.ok(written < 64 << 20, `${written} bytes were taken`);
    assert.ok(numbers.get("process_resident_memory_bytes")! < 250e6);
    // On Deno 2.6 a blocked write ends only when the other side closes.
    await server[Symbol.asyncDispose]();
    await flood;
  },
});

Deno.test({
  name: "a WebSocket that pings and never reads fills no buffer",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = await TestServer.start();
    using socket = await RawWebSocket.open(server.ports.http);
    await socket.send(OPCODE.binary, messageFrame(hello()));
    const ping = socket.header(OPCODE.ping, 125);
    const one = new Uint8Array(ping.length + 125);
    one.set(ping);
    const many = new Uint8Array(one.length * 1000);
    for (let at = 0; at < many.length; at += one.length) many.set(one, at);
    // 125 MiB, and as much in pongs if all were answered.
    for (let i = 0; i < 1000; i++) await socket.writeAll(many);
    const numbers = await readMetrics(server.ports.http);
    assert.equal(numbers.get("ondacast_clients"), 1);
    assert.ok(numbers.get("process_resident_memory_bytes")! < 250e6);
  },
});

Deno.test("pending requests of a WebSocket are dropped once the connection is lost", async () => {
  await using server = await TestServer.start(["--read-only"]);
  const socket = await RawWebSocket.open(server.ports.http);
  const refused = messageFrame({ type: "upload", song: "a" });
  // All of them would take seconds, at the rate limit of a client.
  const many = concat([
    messageFrame(hello()),
    ...Array(4000).fill(refused),
  ]);
  await socket.send(OPCODE.binary, many);
  await numbersWith(
    server,
    (numbers) => numbers.get('ondacast_uploads_total{result="refused"}')! > 100,
  );
  socket.conn.close(); // unread errors make this a reset
  const numbers = await numbersWith(
    server,
    (numbers) => numbers.get("ondacast_clients") === 0,
  );
  const done = numbers.get('ondacast_uploads_total{result="refused"}')!;
  assert.ok(done < 2000, `${done}`);
});

Deno.test("server notifies its WebSockets when it ends", async () => {
  if (Deno.build.os === "windows") return;
  await using server = await TestServer.start();
  const { client, peer } = await welcomed(server);
  server.program.child.kill("SIGTERM");
  assert.equal((await peer.next("error")).code, "busy");
  assert.equal(await client.closed, 1000);
  assert.equal((await server.program.ended()).code, 0);
});

Deno.test("the page's files are sent compressed, with their policy, and only when modified", async () => {
  await using server = await TestServer.start();
  const url = `http://127.0.0.1:${server.ports.http}`;
  for (const path of ["/", "/page.js", "/page.css", "/pcm_worklet.js"]) {
    const response = await fetch(url + path);
    const text = await response.text();
    assert.equal(response.status, 200);
    assert.ok(text.length > 100);
    assert.match(
      response.headers.get("content-security-policy")!,
      /^default-src 'none'; /,
    );
    assert.equal(response.headers.get("cache-control"), "private, no-cache");
    const again = await fetch(url + path, {
      headers: { "if-none-match": response.headers.get("etag")! },
    });
    assert.equal(again.status, 304);
    await again.body?.cancel();
  }
  const plain = await askRaw(server.ports.http, { path: "/page.js" });
  const packed = await askRaw(server.ports.http, {
    path: "/page.js",
    headers: { "accept-encoding": "br, gzip" },
  });
  const bytesOf = ({ headers }: typeof plain) =>
    Number(headers.get("content-length"));
  assert.ok(bytesOf(packed) < bytesOf(plain) / 2);
  assert.equal(plain.headers.get("content-encoding"), null);
  assert.equal(packed.headers.get("content-encoding"), "gzip");
});

Deno.test("/peaks is answered with a song's waveform if the etag matches", async () => {
  await using folder = await TempFolder.make();
  const pcm = new Uint8Array(CD.rate * 4);
  pcm.fill(0x40, pcm.length / 2);
  await Deno.writeFile(folder.file("a & b.wav"), wavFile(CD, pcm));
  const start = () =>
    TestServer.start([
      ...["--music", folder.path, "--data", folder.file(".data")],
    ]);
  await using server = await start();
  const session = await openSession(server.ports.session);
  const { songs: [row] } = await session.request({ type: "list" });
  const { name, etag } = { ...row, etag: row.etag! };
  session.close();
  const ask = (fields: Record<string, string>) =>
    fetch(
      `http://127.0.0.1:${server.ports.http}/peaks?${new URLSearchParams(
        fields,
      )}`,
    );
  const response = await ask({ song: name, etag });
  assert.match(response.headers.get("cache-control")!, /immutable/);
  const peaks = new Uint8Array(await response.arrayBuffer());
  const expected = new Uint8Array(480);
  expected.fill(Math.round(0x4040 / 0x8000 * 255), 240);
  assert.deepEqual(peaks, expected);
  for (
    const fields of [{ song: name, etag: "x" }, { song: "x", etag }, {
      song: "../x",
      etag,
    }]
  ) {
    const { status, body } = await ask(fields);
    assert.equal(status, 404);
    await body?.cancel();
  }
  // It is kept across restarts.
  server.program.child.kill("SIGTERM");
  await server.program.ended();
  const data = await openData(
    folder.file(".data"),
    await Deno.realPath(folder.path),
  );
  assert.deepEqual(new WaveformTable(data.db).get(`${etag} ${name}`), peaks);
  data.close();
});
