import assert from "node:assert/strict";
import {
  type Answer,
  type BodySource,
  HttpError,
  text,
} from "../../lib/host/http_answer.ts";
import {
  HttpConnection,
  MAX_HEAD_BYTES,
} from "../../lib/host/http_connection.ts";
import type { Transport } from "../../lib/ports/common.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { transportPair } from "../support/memory_transport.ts";

/** A connection that received a text, `readBytes` at a time. */
async function connectionWith(text: string, readBytes = 1e6) {
  const clock = new FakeClock();
  const { client, server } = transportPair(clock, {
    toServer: { readBytes: () => readBytes },
  });
  await client.write(new TextEncoder().encode(text));
  await client.closeWrite();
  return { client, connection: new HttpConnection(server, clock), clock };
}

async function headOf(text: string, readBytes = 1e6) {
  const { connection } = await connectionWith(text, readBytes);
  return await connection.readHead();
}

const WHOLE = "GET /session?a=1#b HTTP/1.1\r\nHost: pi.local:4042\r\n" +
  "X-One:  a b \t\r\nx-one: c\r\n\r\nrest";

for (const readBytes of [1, 2, 3, 5, 7, 1e6]) {
  Deno.test(`readHead() reads a head that arrives ${readBytes} bytes at a time`, async () => {
    const { connection } = await connectionWith(WHOLE, readBytes);
    const request = await connection.readHead();
    assert.ok(request);
    assert.equal(request.method, "GET");
    assert.equal(request.path, "/session");
    assert.equal(request.host, "pi.local:4042");
    assert.equal(request.headers.get("x-one"), "a b, c");
    const rest = new TextDecoder().decode(connection.rest());
    assert.ok("rest".startsWith(rest));
  });
}

Deno.test("readHead() returns null wherever the connection ends early", async () => {
  const end = WHOLE.length - "rest".length;
  for (let length = 0; length < end; length++) {
    assert.equal(await headOf(WHOLE.slice(0, length)), null);
  }
});

Deno.test("readHead() accepts a target with a scheme, and HTTP/1.0", async () => {
  const request = await headOf(
    "HEAD http://pi.local/readyz HTTP/1.0\r\nhost: pi.local\r\n\r\n",
  );
  assert.deepEqual([request?.method, request?.path], ["HEAD", "/readyz"]);
});

const HOST = "host: localhost\r\n";
const REFUSED: [what: string, text: string, status: number][] = [
  ["no HTTP at all", "\x01\x00\x00\x02{}\r\n\r\n", 400],
  ["HTTP/2", `PRI * HTTP/2.0\r\n\r\n`, 400],
  ["no version", `GET /\r\n${HOST}\r\n`, 400],
  ["no host", "GET / HTTP/1.1\r\n\r\n", 400],
  ["two hosts", `GET / HTTP/1.1\r\n${HOST}${HOST}\r\n`, 400],
  ["a target that is no path", `GET x HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a blank in the target", `GET /a b HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a folded header", `GET / HTTP/1.1\r\n${HOST}a: b\r\n c\r\n\r\n`, 400],
  ["a blank before a colon", `GET / HTTP/1.1\r\n${HOST}a : b\r\n\r\n`, 400],
  ["a header without a name", `GET / HTTP/1.1\r\n${HOST}: b\r\n\r\n`, 400],
  ["a zero byte", `GET / HTTP/1.1\r\n${HOST}a: \0\r\n\r\n`, 400],
  ["a bare line feed", `GET / HTTP/1.1\r\n${HOST}a: b\nc: d\r\n\r\n`, 400],
  ["bare line feeds alone", "GET / HTTP/1.1\nhost: localhost\n\n", 400],
  ["a line feed at the beginning", "\nGET /", 400],
  ["a bare CR in a value", `GET / HTTP/1.1\r\n${HOST}a: b\rc: d\r\n\r\n`, 400],
  ["a bare CR in a name", `GET / HTTP/1.1\r\n${HOST}a\r: b\r\n\r\n`, 400],
  ["a bare CR in the request line", `GET /\r HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["two CRs before a line feed", `GET / HTTP/1.1\r\r\n${HOST}\r\n`, 400],
  ["a header without a colon", `GET / HTTP/1.1\r\n${HOST}ab\r\n\r\n`, 400],
  ["a control character", `GET / HTTP/1.1\r\n${HOST}a: \x1b[2J\r\n\r\n`, 400],
  [
    "a control character in the target",
    `GET /\x07 HTTP/1.1\r\n${HOST}\r\n`,
    400,
  ],
  ["blanks in the request line", `GET  / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a word behind the version", `GET / HTTP/1.1 x\r\n${HOST}\r\n`, 400],
  [
    "chunks",
    `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n`,
    411,
  ],
  [
    "a length beside chunks",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
    400,
  ],
  [
    "two lengths",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`,
    400,
  ],
  [
    "a length with a sign",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: +5\r\n\r\n`,
    400,
  ],
  [
    "a length of 16 digits",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: ${"9".repeat(16)}\r\n\r\n`,
    400,
  ],
  ["an empty line in front", `\r\nGET / HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a head too long", `GET / HTTP/1.1\r\na: ${"b".repeat(20_000)}`, 431],
];

for (const [what, text, status] of REFUSED) {
  Deno.test(`readHead() refuses ${what} with ${status}`, async () => {
    await assert.rejects(headOf(text), (error: HttpError) => {
      assert.ok(error instanceof HttpError, String(error));
      return error.status === status;
    });
  });
}

Deno.test("readHead() refuses other protocols at their first bytes", async () => {
  for (
    const text of [
      "GET / HTTP/1.1\n",
      "GET / HTTP/1.1\rh",
      "\x01\0\0\x7f{", // the beginning of a session
      "\x16\x03\x01\x02", // the beginning of TLS
    ]
  ) {
    const clock = new FakeClock();
    const { client, server } = transportPair(clock);
    const request = new HttpConnection(server, clock).readHead();
    await client.write(new TextEncoder().encode(text));
    await assert.rejects(request, { status: 400 });
  }
});

Deno.test("readHead() keeps every byte of a value, without the blanks around it", async () => {
  const request = await headOf(
    `GET /\u00e0?\u00e0 HTTP/1.1\r\n${HOST}a:\t \u00e0 b\u00e0 \t\r\n\r\n`,
  );
  // One character for each byte, since the encoding is unknown.
  assert.equal(request?.path, "/\u00c3\u00a0");
  assert.equal(request?.headers.get("a"), "\u00c3\u00a0 b\u00c3\u00a0");
});

Deno.test("readHead() prefers the host of the target to the Host field", async () => {
  const request = await headOf(
    `GET http://evil.example/ HTTP/1.1\r\n${HOST}\r\n`,
  );
  // RFC 9112, section 3.2.2
  assert.equal(request?.host, "evil.example");
});

Deno.test("readHead() accepts a head of exactly the maximum length", async () => {
  const [start, end] = [`GET / HTTP/1.1\r\n${HOST}a: `, "\r\n\r\n"];
  const most = MAX_HEAD_BYTES - start.length - end.length;
  const text = (bytes: number) => start + "b".repeat(bytes) + end;
  assert.equal((await headOf(text(most)))?.headers.get("a")?.length, most);
  await assert.rejects(headOf(text(most + 1)), { status: 431 });
});

for (const readBytes of [1, 3, 100, 1e6]) {
  Deno.test(`readHead() reads pipelined requests that arrive ${readBytes} bytes at a time`, async () => {
    const heads = Array.from(
      { length: 200 },
      (_, i) => `GET /${"a".repeat(i)} HTTP/1.1\r\n${HOST}\r\n`,
    );
    const { connection } = await connectionWith(heads.join(""), readBytes);
    for (let i = 0; i < heads.length; i++) {
      assert.equal((await connection.readHead())?.path, `/${"a".repeat(i)}`);
    }
    assert.equal(await connection.readHead(), null);
  });
}

Deno.test("readHead() accepts the longest head after others, and no longer one", async () => {
  const short = `GET / HTTP/1.1\r\n${HOST}\r\n`;
  const [start, end] = [`GET / HTTP/1.1\r\n${HOST}a: `, "\r\n\r\n"];
  const most = MAX_HEAD_BYTES - start.length - end.length;
  const long = (bytes: number) => start + "b".repeat(bytes) + end;
  const { connection } = await connectionWith(
    short + long(most) + short + long(most + 1),
    1000,
  );
  for (let i = 0; i < 3; i++) assert.ok(await connection.readHead());
  await assert.rejects(connection.readHead(), { status: 431 });
});

const KEEPS_ALIVE: [fields: string, version: string, keeps: boolean][] = [
  ["", "1.1", true],
  ["", "1.0", false],
  ["Connection: keep-alive\r\n", "1.1", true],
  ["Connection: keep-alive\r\n", "1.0", false],
  ["Connection: Close\r\n", "1.1", false],
  ["Connection: a,\tCLOSE , b\r\n", "1.1", false],
  ["Connection: closed\r\n", "1.1", true],
  ["Connection: a\r\nConnection: close\r\n", "1.1", false],
  ["Connection: Upgrade\r\nUpgrade: h2c\r\n", "1.1", false],
  ["Upgrade: h2c\r\n", "1.1", true],
];

for (const [fields, version, keeps] of KEEPS_ALIVE) {
  Deno.test(`a request of HTTP/${version} with ${JSON.stringify(fields)} is ${keeps ? "not " : ""}the last`, async () => {
    const head = await headOf(
      `GET / HTTP/${version}\r\n${HOST}${fields}\r\n`,
    );
    assert.equal(head?.keepsAlive, keeps);
  });
}

/** A request with a body, followed by another request. */
const WITH_BODY =
  `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\n\x00\r\nhéGET /next HTTP/1.1\r\n${HOST}\r\n`;

for (const readBytes of [1, 7, 1e6]) {
  Deno.test(`readBody() reads a body that arrives ${readBytes} bytes at a time, and no further`, async () => {
    const { connection } = await connectionWith(WITH_BODY, readBytes);
    assert.equal((await connection.readHead())?.bodyBytes, 5);
    const body = await connection.readBody(5);
    // The length ends inside "é", which has two bytes.
    assert.deepEqual([...body], [0, 13, 10, 104, 0xc3]);
    assert.deepEqual(
      [...connection.rest()].slice(0, 1),
      [0xa9].slice(0, readBytes === 1 ? 0 : 1),
    );
  });
}

Deno.test("readBody() refuses a longer body without reading it, and ends the connection", async () => {
  const { connection } = await connectionWith(WITH_BODY);
  await connection.readHead();
  await assert.rejects(connection.readBody(4), { status: 413 });
  const options = { withBody: true, isLast: false };
  assert.equal(await connection.send(text(413, ""), options), false);
});

const AWAITING = `POST / HTTP/1.1\r\n${HOST}Expect: 100-Continue\r\n`;

Deno.test("readBody() asks for a body that waits for it", async () => {
  const { client, server } = transportPair(new FakeClock());
  const connection = new HttpConnection(server, new FakeClock());
  const sent = client.write(
    new TextEncoder().encode(`${AWAITING}Content-Length: 2\r\n\r\n`),
  );
  await connection.readHead();
  const reading = connection.readBody(2);
  assert.equal(await sentTo(client), "HTTP/1.1 100 Continue\r\n\r\n");
  await sent;
  await client.write(Uint8Array.of(1, 2));
  assert.deepEqual([...await reading], [1, 2]);
});

Deno.test("readBody() asks for no body that has come, is empty or too long", async () => {
  for (const rest of ["2\r\n\r\nhi", "0\r\n\r\n", "9\r\n\r\n"]) {
    const { client, connection } = await connectionWith(
      `${AWAITING}Content-Length: ${rest}`,
    );
    await connection.readHead();
    await connection.readBody(2).catch(() => {});
    await connection.send(text(204, ""), { withBody: true, isLast: true });
    assert.match(await sentTo(client), /^HTTP\/1.1 204/);
  }
});

Deno.test("send() sends the fields that keep other pages and caches away with any answer", async () => {
  for (
    const answer of [text(404, ""), {
      status: 200,
      headers: {},
      body: new Uint8Array(0),
    }]
  ) {
    const { client, connection } = await connectionWith("");
    await connection.send(answer, { withBody: true, isLast: true });
    const sent = await sentTo(client);
    for (
      const field of [
        ...["cache-control: private", "x-content-type-options: nosniff"],
        ...["referrer-policy: no-referrer"],
        "cross-origin-resource-policy: same-origin",
      ]
    ) {
      assert.equal(sent.split(`\r\n${field}\r\n`).length, 2, field);
    }
  }
});

Deno.test("an unread body ends the connection after the answer", async () => {
  const { connection, client } = await connectionWith(WITH_BODY);
  await connection.readHead();
  const options = { withBody: true, isLast: false };
  assert.equal(await connection.send(text(405, "No.\n"), options), false);
  assert.match(await sentTo(client), /\r\nconnection: close\r\n/);
});

Deno.test("another request may follow a body that was read", async () => {
  const { connection } = await connectionWith(
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\nhiGET /next HTTP/1.1\r\n${HOST}\r\n`,
  );
  await connection.readHead();
  await connection.readBody(2);
  const options = { withBody: true, isLast: false };
  assert.equal(await connection.send(text(200, ""), options), true);
  assert.equal((await connection.readHead())?.path, "/next");
});

Deno.test("readBody() throws when the connection ends early", async () => {
  const { connection } = await connectionWith(
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nfour`,
  );
  await connection.readHead();
  await assert.rejects(connection.readBody(5), { code: "lost" });
});

/** The text sent to a client so far. */
async function sentTo(client: Transport): Promise<string> {
  const buffer = new Uint8Array(1 << 20);
  const count = await client.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
}

for (const withBody of [true, false]) {
  for (const isLast of [true, false]) {
    Deno.test(`send() sends the length, ${withBody ? "the" : "no"} body, and ${isLast ? "closes" : "keeps"} the connection`, async () => {
      const { client, connection } = await connectionWith("");
      const answer = text(404, "hé", { "x-a": "b" });
      const mayFollow = await connection.send(answer, { withBody, isLast });
      assert.equal(mayFollow, !isLast);
      const sent = await sentTo(client);
      assert.match(sent, /^HTTP\/1\.1 404 Not Found\r\n/);
      assert.match(sent, /\r\nx-a: b\r\n/);
      assert.match(sent, /\r\ncontent-length: 3\r\n/);
      assert.match(
        sent,
        isLast
          ? /\r\nconnection: close\r\n/
          : /\r\nconnection: keep-alive\r\nkeep-alive: timeout=30\r\n/,
      );
      assert.ok(sent.endsWith(withBody ? "\r\n\r\nhé" : "\r\n\r\n"));
    });
  }
}

Deno.test("send() sends no length with a 304, and does not read its body", async () => {
  const { client, connection } = await connectionWith("");
  await connection.send(
    { status: 304, headers: { etag: '"a"' }, body: new Uint8Array(0) },
    { withBody: true, isLast: false },
  );
  const sent = await sentTo(client);
  assert.match(sent, /^HTTP\/1\.1 304 Not Modified\r\n[^]*\r\netag: "a"\r\n/);
  assert.doesNotMatch(sent, /content-length/);
});

/** A body that yields `readBytes` at a time, and ends after `there` bytes. */
class CountingBody implements BodySource {
  readonly bytes: number;
  closes = 0;
  reads = 0;
  readonly #readBytes: number;
  #left: number;

  constructor(bytes: number, readBytes: number, there = bytes) {
    this.bytes = bytes;
    this.#readBytes = readBytes;
    this.#left = there;
  }

  read(into: Uint8Array): Promise<number | null> {
    this.reads++;
    const count = Math.min(into.length, this.#readBytes, this.#left);
    into.subarray(0, count).fill("a".charCodeAt(0));
    this.#left -= count;
    return Promise.resolve(count || null);
  }

  close(): void {
    this.closes++;
  }
}

function answerOf(body: BodySource): Answer {
  return { status: 200, headers: {}, body };
}

Deno.test("send() sends a body piece by piece, and closes it", async () => {
  const { client, connection } = await connectionWith("");
  const body = new CountingBody(1000, 7);
  await connection.send(answerOf(body), { withBody: true, isLast: false });
  const sent = await sentTo(client);
  assert.match(sent, /\r\ncontent-length: 1000\r\n/);
  assert.ok(sent.endsWith(`\r\n\r\n${"a".repeat(1000)}`));
  assert.equal(body.closes, 1);
});

Deno.test("send() closes the body unread on a HEAD", async () => {
  const { client, connection } = await connectionWith("");
  const body = new CountingBody(1000, 7);
  await connection.send(answerOf(body), { withBody: false, isLast: false });
  assert.match(await sentTo(client), /content-length: 1000[\s\S]*\r\n\r\n$/);
  assert.deepEqual([body.reads, body.closes], [0, 1]);
});

Deno.test("send() throws when a body is shorter than announced, and the connection must end", async () => {
  const { connection } = await connectionWith("");
  const body = new CountingBody(1000, 7, 990);
  const options = { withBody: true, isLast: false };
  await assert.rejects(connection.send(answerOf(body), options), {
    code: "lost",
  });
  assert.equal(body.closes, 1);
});

Deno.test("a body is read only as far as the peer accepts it, and closed when the peer stalls for 30 s", async () => {
  const clock = new FakeClock();
  const { server } = transportPair(clock, {
    toClient: { capacityBytes: 100_000 },
  });
  const connection = new HttpConnection(server, clock);
  const body = new CountingBody(1e9, 1e9);
  const sent = connection.send(answerOf(body), {
    withBody: true,
    isLast: false,
  });
  sent.catch(() => {});
  await settle();
  assert.equal(body.reads, 2);
  await clock.advance(29_999);
  assert.equal(connection.lateness(clock.now(), 0), null);
  await clock.advance(1);
  assert.match(connection.lateness(clock.now(), 0)!, /accepted for 30 s/);
  assert.equal(connection.lateness(clock.now(), 1), null);
  connection.cut("too slow");
  await assert.rejects(connection.over, /too slow/);
  assert.ok(body.closes > 0);
});

Deno.test("a connection may be idle for 30 s after an answer, and a request may take 10 s", async () => {
  const clock = new FakeClock();
  const { client, server } = transportPair(clock);
  const connection = new HttpConnection(server, clock);
  const isLate = () => connection.lateness(clock.now(), 0) !== null;
  await clock.advance(9_999);
  assert.equal(isLate(), false);
  await clock.advance(1);
  assert.equal(isLate(), true);
  await connection.send(text(200, ""), { withBody: true, isLast: false });
  const head = connection.readHead();
  await clock.advance(29_999);
  assert.equal(isLate(), false);
  await client.write(new TextEncoder().encode("G"));
  await clock.advance(9_999);
  assert.equal(isLate(), false);
  await clock.advance(1);
  assert.equal(isLate(), true);
  client.close();
  assert.equal(await head, null);
});
