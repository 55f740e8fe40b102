import assert from "node:assert/strict";
import { type HttpOptions, HttpPort } from "../../lib/host/http.ts";
import { FREE_GUESSES, TokenGate } from "../../lib/server/token_gate.ts";
import type { Transport } from "../../lib/ports/common.ts";
import { FakeClock, settle, settleFully } from "../support/fake_clock.ts";
import { UPGRADE } from "../support/http_request.ts";
import { httpWorld } from "../support/http_world.ts";
import { CD, MemorySongs, noise, wavFile } from "../support/memory_songs.ts";
import {
  type TransportPair,
  transportPair,
} from "../support/memory_transport.ts";

function httpPort(
  clock: FakeClock,
  options: Partial<HttpOptions> = {},
  closing = new AbortController().signal,
): HttpPort {
  return new HttpPort(
    {
      ...httpWorld({ gate: new TokenGate(null, clock) }),
      takePlace: () => () => {},
      serveSession: () => Promise.resolve(),
      ended: () => {},
      ...options,
    },
    closing,
    clock,
  );
}

/** Bytes received so far, as text. */
async function textTo(client: Transport): Promise<string> {
  const bytes = new Uint8Array(100_000);
  const count = await client.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, count ?? 0));
}

/** A port with a connection from this machine that received this text. */
async function connected(said: string, options: Partial<HttpOptions> = {}) {
  const clock = new FakeClock();
  const closing = new AbortController();
  const { client, server } = transportPair(clock, {
    clientAddress: "127.0.0.1:5000",
  });
  const port = httpPort(clock, options, closing.signal);
  const served = port.serve(server);
  const say = async (text: string) => {
    for (const byte of new TextEncoder().encode(text)) {
      await client.write(Uint8Array.of(byte));
    }
    await settle();
  };
  await say(said);
  const heard = async () => {
    await settle();
    return await textTo(client);
  };
  const isClosedAfter = async (ms: number, awakeSinceMs = 0) => {
    await clock.advance(ms);
    port.sweep(clock.now(), awakeSinceMs);
    return server.closed;
  };
  const ends = { client, server, served };
  return { ...ends, clock, closing, say, heard, isClosedAfter };
}

/** The answer to a client on this machine, as text. */
async function answerTo(
  path: string,
  fields: Record<string, string>,
  options: Partial<HttpOptions> = {},
): Promise<string> {
  const lines = Object.entries({ host: "localhost", ...fields })
    .map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const { client, served } = await connected(
    `GET ${path} HTTP/1.1\r\n${lines}\r\n`,
    options,
  );
  await client.closeWrite();
  await served;
  return await textTo(client);
}

const PROXY_FIELDS: Record<string, string>[] = [
  { forwarded: "for=192.0.2.60" },
  { "X-Forwarded-For": "127.0.0.1" },
  { "X-Real-IP": "" },
  { Via: "1.1 proxy" },
];

for (const fields of PROXY_FIELDS) {
  const [[name]] = Object.entries(fields);
  Deno.test(`a request with ${name} needs a token for the metrics, even from loopback`, async () => {
    assert.match(await answerTo("/metrics", {}), /^HTTP\/1.1 200 /);
    assert.match(await answerTo("/metrics", fields), /^HTTP\/1.1 403 /);
    const gate = new TokenGate("secret", new FakeClock());
    assert.match(await answerTo("/metrics", fields, { gate }), / 401 /);
    const authorization = "Bearer  secret";
    assert.match(
      await answerTo("/metrics", { ...fields, authorization }, { gate }),
      /^HTTP\/1.1 200 /,
    );
  });

  Deno.test(`a session whose request had ${name} is marked as passed on by a proxy`, async () => {
    const sessions: (boolean | undefined)[] = [];
    const serveSession = (transport: Transport) => {
      sessions.push(transport.isPassedOn);
      transport.close();
      return Promise.resolve();
    };
    await answerTo("/session", { ...UPGRADE }, { serveSession });
    await answerTo("/session", { ...UPGRADE, ...fields }, { serveSession });
    assert.deepEqual(sessions, [false, true]);
  });
}

Deno.test("a token of any characters authorizes a request for the metrics", async () => {
  for (const token of ["a  secret", "\u00c5\u00df\u2026\u00e0", "\u{1f511}"]) {
    const gate = new TokenGate(token, new FakeClock());
    const fields = { via: "1.1 proxy", authorization: `bearer ${token} ` };
    assert.match(await answerTo("/metrics", fields, { gate }), / 200 OK/);
  }
});

Deno.test("an admitted device gets a waveform at once, while wrong tokens slow its address down", async () => {
  const rows = new Map<string, string>();
  const gate = new TokenGate("right", new FakeClock(), {
    has: (key, proof) => rows.get(key) === proof,
    add: (key, proof) => rows.set(key, proof),
  });
  const ip = "127.0.0.1";
  await gate.check("right", { ip, device: "tab" });
  for (let i = 0; i < FREE_GUESSES; i++) {
    await gate.check("wrong", { ip }).catch(() => {});
  }
  const answers = ["tab", "another", ""].map((device) =>
    answerTo(
      "/peaks?song=a&etag=b",
      { authorization: "Bearer right", "Ondacast-Device": device },
      { gate },
    )
  );
  assert.match(await answers[0], /^HTTP\/1.1 200 /);
  const others = Promise.race([answers[1], answers[2]]).then(() => "answered");
  assert.equal(
    await Promise.race([others, settle().then(() => "wait")]),
    "wait",
  );
});

Deno.test("a WebSocket of a version other than 13 is answered with the supported one", async () => {
  const key = "dGhlIHNhbXBsZSBub25jZQ==";
  for (const version of ["8", "12", "14", "13, 8", ""]) {
    const answer = await answerTo("/session", {
      ...{ upgrade: "websocket", connection: "Upgrade" },
      ...{ "sec-websocket-key": key, "sec-websocket-version": version },
    });
    assert.match(answer, /^HTTP\/1.1 426 /);
    assert.match(answer, /\r\nsec-websocket-version: 13\r\n/);
  }
});

Deno.test("the answer to a foreign host says how to allow it, and escapes the name", async () => {
  const answer = await answerTo("/", { host: "radio.example" });
  assert.match(answer, /^HTTP\/1.1 421 /);
  assert.match(answer, /"radio\.example"[\s\S]*--http-host/);
  const odd = await answerTo("/", { host: "a\u0085.example" });
  assert.match(odd, /\\u0085/);
});

for (
  const [path, fields, ended] of [
    ["/", {}, "answered 200"],
    ["/none?token=secret", {}, "answered 404"],
    ["/", { origin: "null" }, "answered 403"],
    ["/metrics", { via: "proxy" }, "answered 403"],
    ["/healthz", {}, undefined],
    ["/readyz", {}, undefined],
    ["/metrics", {}, undefined],
  ] as const
) {
  const what = `${path} with ${JSON.stringify(fields)}`;
  Deno.test(`serve() reports ${ended ?? "no end"} for a request for ${what}`, async () => {
    const reported: string[] = [];
    await answerTo(path, fields, {
      ended: (peer, reason) => reported.push(`${peer} ${reason}`),
    });
    assert.deepEqual(reported, ended ? [`127.0.0.1:5000 ${ended}`] : []);
  });
}

const GET = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

Deno.test("sweep() disconnects a request that takes 10 s, even if bytes keep arriving", async () => {
  const { isClosedAfter, served } = await connected(
    "GET / HTTP/1.1\r\nHost: loc",
  );
  assert.equal(await isClosedAfter(9_999), false);
  assert.equal(await isClosedAfter(1), true);
  await served;
});

Deno.test("sweep() restarts the time of a request after the server was suspended", async () => {
  const { isClosedAfter, served } = await connected("GET / HT");
  assert.equal(await isClosedAfter(24_000, 23_000), false);
  assert.equal(await isClosedAfter(10_000, 23_000), true);
  await served;
});

Deno.test("a connection answers several requests, and is closed after 30 s without one", async () => {
  const ended: string[] = [];
  const { isClosedAfter, served, say, heard } = await connected(GET, {
    ended: (_, reason) => ended.push(reason),
  });
  assert.match(await heard(), /^HTTP\/1.1 200 OK[\s\S]*keep-alive[\s\S]*ok\n$/);
  assert.equal(await isClosedAfter(29_999), false);
  await say(GET.replace("/healthz", "/none"));
  assert.match(await heard(), /^HTTP\/1.1 404 /);
  assert.equal(await isClosedAfter(29_999), false);
  assert.equal(await isClosedAfter(1), true);
  await served;
  assert.deepEqual(ended, ["answered 404"]);
});

Deno.test("the answers of a connection are logged in two lines", async () => {
  const ended: string[] = [];
  const missing = GET.replace("healthz", "none");
  const wrong = GET.replace("GET", "PUT");
  const last = missing.replace("Host", "Connection: close\r\nHost");
  const { client, heard, served } = await connected(
    GET + missing.repeat(9) + wrong + last,
    { ended: (_, reason) => ended.push(reason) },
  );
  assert.match(await heard(), /HTTP\/1\.1 405[^]*404[^]*close/);
  client.close();
  await served;
  assert.deepEqual(ended, [
    "answered 404",
    "then answered 9 × 404, 1 × 405",
  ]);
});

Deno.test("a playlist is charged by its songs, whether or not it is sent", async () => {
  for (const method of ["HEAD", "GET"]) {
    const songs = new MemorySongs();
    const format = songs.add("a.wav", wavFile(CD, noise(4))).format;
    for (let i = 0; i < 2000; i++) songs.addEntry({ name: `${i}.wav`, format });
    const { clock, heard } = await connected(
      `${method} /songs.m3u8 HTTP/1.1\r\nHost: a\r\nIf-None-Match: ${
        method === "GET" ? "*" : '"other"'
      }\r\n\r\n`.repeat(12),
      { songs },
    );
    const answers = async () =>
      (await heard()).match(/HTTP\/1\.1 (200|304)/g)?.length ?? 0;
    assert.equal(await answers(), 10);
    await clock.advance(100);
    assert.equal(await answers(), 1);
  }
});

Deno.test("pipelined requests are answered in order, up to one with Connection: close", async () => {
  const last = "GET /readyz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const { client, heard } = await connected(GET + GET + last + GET);
  const text = await heard();
  assert.deepEqual(text.match(/\n(ok|ready)\n/g), [
    "\nok\n",
    "\nok\n",
    "\nready\n",
  ]);
  client.close();
});

const API_REFUSALS: [
  what: string,
  request: string,
  status: number,
  code: string,
][] = [
  [
    "a foreign host",
    "POST /api/list HTTP/1.1\r\nHost: evil.example",
    421,
    "bad-message",
  ],
  [
    "another origin",
    "POST /api/list HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example",
    403,
    "unauthorized",
  ],
  ["GET", "GET /api/list HTTP/1.1\r\nHost: localhost", 405, "bad-message"],
  ["no message", "POST /api/ HTTP/1.1\r\nHost: localhost", 404, "not-found"],
  ["/api alone", "POST /api HTTP/1.1\r\nHost: localhost", 404, "not-found"],
  ["no host", "POST /api/list HTTP/1.1", 400, "bad-message"],
  [
    "a chunked body",
    "POST /api/list HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked",
    411,
    "bad-message",
  ],
  [
    "a bad field",
    "POST /api/list HTTP/1.1\r\nHost: localhost\r\nx y: z",
    400,
    "bad-message",
  ],
];

for (const [what, request, status, code] of API_REFUSALS) {
  Deno.test(`a request to /api with ${what} is refused in JSON`, async () => {
    const { client, served } = await connected(`${request}\r\n\r\n`);
    await client.closeWrite();
    await served;
    const [head, body] = (await textTo(client)).split("\r\n\r\n");
    assert.match(head, new RegExp(`^HTTP/1\\.1 ${status} `));
    assert.match(head, /content-type: application\/json/);
    const answer = JSON.parse(body);
    assert.equal(answer.code, code);
    assert.equal(typeof answer.message, "string");
  });
}

Deno.test("no request is read after a refused head", async () => {
  const { client, heard } = await connected(`GET /\r\n\r\n${GET}`);
  const text = await heard();
  assert.match(text, /^HTTP\/1.1 400 [\s\S]*\r\nconnection: close\r\n/);
  assert.doesNotMatch(text, /200 OK/);
  client.close();
});

Deno.test("a kept connection becomes a WebSocket, with the bytes that follow its request", async () => {
  let got = "";
  const upgrade = Object.entries(UPGRADE)
    .map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const hello = "\x82\x82\0\0\0\0hi";
  const { client, served } = await connected("", {
    serveSession: async (transport) => {
      const bytes = new Uint8Array(10);
      const count = await transport.read(bytes);
      got = new TextDecoder().decode(bytes.subarray(0, count ?? 0));
      transport.close();
    },
  });
  // One write, so that the frame is received with the head.
  await client.write(Uint8Array.from(
    `${GET}GET /session HTTP/1.1\r\nHost: localhost\r\n${upgrade}\r\n${hello}`,
    (character) => character.charCodeAt(0),
  ));
  await served;
  assert.equal(got, "hi");
});

Deno.test("requests of one connection are limited to a client's rate", async () => {
  const { clock, client, served } = await connected("");
  const requests = new TextEncoder().encode(GET.repeat(3000));
  await client.write(requests);
  await client.closeWrite();
  const buffer = new Uint8Array(1 << 20);
  let text = "";
  const reading = (async () => {
    for (let count; (count = await client.read(buffer)) !== null;) {
      text += new TextDecoder().decode(buffer.subarray(0, count));
    }
  })();
  const answered = () => text.match(/200 OK/g)?.length ?? 0;
  await settleFully(answered);
  // The burst is 20,000 units, and a request costs 20.
  assert.equal(answered(), 1001);
  await clock.runUntil(served);
  await reading;
  assert.equal(answered(), 3000);
  assert.ok(clock.now() >= 3990, `${clock.now()} ms`);
});

Deno.test("a pipelined request is answered in order, and delays no other connection", async () => {
  const waiting: (() => void)[] = [];
  const { client, served } = await connected("", {
    turns: { next: () => new Promise((resolve) => waiting.push(resolve)) },
  });
  await client.write(new TextEncoder().encode(GET.repeat(3)));
  await client.closeWrite();
  for (let turns = 0; turns < 3; turns++) {
    await settle();
    assert.equal(waiting.length, 1);
    assert.equal((await textTo(client)).match(/200 OK/g)?.length, 1);
    waiting.pop()!();
  }
  await served;
});

Deno.test("the server's end closes idle connections and those in the middle of a request", async () => {
  for (const said of [GET, "GET / HT"]) {
    const { closing, server, served } = await connected(said);
    closing.abort();
    assert.equal(server.closed, true);
    await served;
  }
});

/** Idle connections from one address, each after one answered request. */
async function idleOnes(
  port: HttpPort,
  clock: FakeClock,
  count: number,
  ip: string,
) {
  const all = [];
  for (let i = 0; i < count; i++) {
    const pair = transportPair(clock, { clientAddress: `${ip}:${1000 + i}` });
    const served = port.serve(pair.server);
    await pair.client.write(new TextEncoder().encode(GET));
    await settle();
    await clock.advance(1);
    all.push({ ...pair, served });
  }
  return all;
}

for (
  const [what, count, ip] of [
    ["257th connection", 256, "127.0.0.1"],
    ["65th connection of an address", 64, "192.0.2.7"],
  ] as const
) {
  Deno.test(`the ${what} replaces the connection that has been idle for longest`, async () => {
    const clock = new FakeClock();
    const port = httpPort(clock);
    const [other] = await idleOnes(port, clock, 1, "192.0.2.99");
    const idle = await idleOnes(
      port,
      clock,
      count - (count === 256 ? 1 : 0),
      ip,
    );
    await other.client.write(new TextEncoder().encode(GET));
    await settle();
    const [one] = await idleOnes(port, clock, 1, ip);
    assert.deepEqual(idle.map(({ server }) => server.closed).indexOf(false), 1);
    assert.equal(one.server.closed, false);
    assert.equal(other.server.closed, false);
  });
}

Deno.test("an address with all of its connections busy takes no place from others", async () => {
  const clock = new FakeClock();
  const port = httpPort(clock);
  const idle = await idleOnes(port, clock, 192, "127.0.0.1");
  const connect = () => {
    const pair = transportPair(clock, { clientAddress: "192.0.2.7:1000" });
    return { ...pair, served: port.serve(pair.server) };
  };
  const busy = Array.from({ length: 64 }, connect);
  const { client } = connect();
  await settle();
  assert.match(await textTo(client), /^HTTP\/1.1 503 /);
  assert.equal(idle.some(({ server }) => server.closed), false);
  assert.equal(busy.some(({ server }) => server.closed), false);
});

const LONG = wavFile(CD, noise(500_000));

/** A port with a song, and clients that read only the beginning of it. */
function portWithSong(options: Partial<HttpOptions> = {}) {
  const clock = new FakeClock();
  const songs = new MemorySongs();
  songs.add("long.wav", LONG);
  const port = httpPort(clock, { songs, ...options });
  const listen = async (ip: string, count: number) => {
    const all: (TransportPair & { served: Promise<void> })[] = [];
    for (let i = 0; i < count; i++) {
      const pair = transportPair(clock, {
        clientAddress: `${ip}:${1000 + i}`,
        toClient: { capacityBytes: 100_000 },
      });
      const served = port.serve(pair.server);
      await pair.client.write(
        new TextEncoder().encode(GET.replace("/healthz", "/songs/long.wav")),
      );
      await settle();
      all.push({ ...pair, served });
    }
    return all;
  };
  return { clock, songs, port, listen };
}

Deno.test("song downloads count as clients, and not as connections", async () => {
  let places = 0;
  const { clock, songs, port, listen } = portWithSong({
    takePlace: () => {
      places++;
      return () => places--;
    },
  });
  const listeners = await listen("192.0.2.7", 70);
  assert.deepEqual([places, songs.openCount], [70, 70]);
  await idleOnes(port, clock, 64, "192.0.2.7");
  assert.equal(listeners.some(({ server }) => server.closed), false);
  for (const { server } of listeners) server.close();
  for (const { client, served } of listeners) {
    client.close();
    await served;
  }
  assert.deepEqual([places, songs.openCount], [0, 0]);
});

Deno.test("a song is answered 503 when the maximum of clients is reached", async () => {
  const { songs, listen } = portWithSong({ takePlace: () => null });
  const [{ client }] = await listen("192.0.2.7", 1);
  assert.match(await textTo(client), /^HTTP\/1.1 503 [\s\S]*keep-alive/);
  assert.equal(songs.openCount, 0);
  client.close();
});

Deno.test("a song download that stalls for 30 s is cut, and no longer counted", async () => {
  let places = 0;
  const ended: string[] = [];
  const { clock, songs, port, listen } = portWithSong({
    takePlace: () => {
      places++;
      return () => places--;
    },
    ended: (_, reason) => ended.push(reason),
  });
  const [{ served }] = await listen("192.0.2.7", 1);
  await clock.advance(30_000);
  port.sweep(clock.now(), 0);
  await served;
  assert.deepEqual([places, songs.openCount], [0, 0]);
  assert.deepEqual(ended, ["lost: no data accepted for 30 s"]);
});

Deno.test("a connection ends early when the file of its song changes", async () => {
  const { songs, listen } = portWithSong();
  const [{ client, served }] = await listen("192.0.2.7", 1);
  songs.remove("long.wav");
  songs.failRead(new Error("changed"));
  const buffer = new Uint8Array(100_000);
  let got = 0;
  for (let count; (count = await client.read(buffer)) !== null;) got += count;
  assert.ok(got < LONG.length, `${got}`);
  await served;
  assert.equal(songs.openCount, 0);
});

Deno.test("the read key authorizes songs only, and wrong ones count like wrong tokens", async () => {
  const { readKeyOf } = await import("../../lib/server/read_key.ts");
  const songs = new MemorySongs();
  songs.add("a.wav", LONG);
  const gate = new TokenGate("secret", new FakeClock());
  const key = readKeyOf("secret");
  const status = async (path: string, fields = {}) =>
    /^HTTP\/1.1 (\d+)/.exec(await answerTo(path, fields, { gate, songs }))![1];
  assert.equal(await status(`/songs/a.wav?key=${key}`), "200");
  const authorization = "Bearer secret";
  assert.equal(await status("/songs/a.wav", { authorization }), "200");
  assert.equal(await status("/songs/a.wav"), "401");
  assert.equal(await status("/songs/a.wav?key=secret"), "401");
  assert.equal(await status(`/peaks?song=a.wav&etag=v1&key=${key}`), "401");
  const bearer = { authorization: `Bearer ${key}` };
  assert.equal(await status("/songs/a.wav", bearer), "401");
  // Wrong keys count towards the same limit as wrong tokens.
  for (let i = 2; i < FREE_GUESSES; i++) {
    assert.equal(await status("/songs/a.wav?key=x"), "401");
  }
  const late = answerTo(`/songs/a.wav?key=${key}`, {}, { gate, songs });
  late.catch(() => {});
  assert.equal(
    await Promise.race([late, settle().then(() => "wait")]),
    "wait",
  );
});
