import assert from "node:assert/strict";
import {
  MAX_HEAD_BYTES,
  readRequest,
  writeResponse,
} from "../../lib/host/http_connection.ts";
import { BadRequest } from "../../lib/host/http_head.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { transportPair } from "../support/memory_transport.ts";

/** What the server makes of bytes that come so many at a time. */
async function requestOf(text: string, readBytes = 1e6) {
  const { client, server } = transportPair(new FakeClock(), {
    toServer: { readBytes: () => readBytes },
  });
  await client.write(new TextEncoder().encode(text));
  await client.closeWrite();
  return await readRequest(server);
}

const WHOLE = "GET /session?a=1#b HTTP/1.1\r\nHost: pi.local:4042\r\n" +
  "X-One:  a b \t\r\nx-one: c\r\n\r\nrest";

for (const readBytes of [1, 2, 3, 5, 7, 1e6]) {
  Deno.test(`readRequest() reads a head that comes ${readBytes} bytes at a time`, async () => {
    const request = await requestOf(WHOLE, readBytes);
    assert.ok(request);
    assert.equal(request.method, "GET");
    assert.equal(request.path, "/session");
    assert.equal(request.host, "pi.local:4042");
    assert.equal(request.headers.get("x-one"), "a b, c");
    const rest = new TextDecoder().decode(request.rest);
    assert.ok("rest".startsWith(rest));
  });
}

Deno.test("readRequest() returns null wherever the connection ends early", async () => {
  const end = WHOLE.length - "rest".length;
  for (let length = 0; length < end; length++) {
    assert.equal(await requestOf(WHOLE.slice(0, length)), null);
  }
});

Deno.test("readRequest() takes a target with a scheme, and HTTP/1.0", async () => {
  const request = await requestOf(
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
  ["a line feed at the very begin", "\nGET /", 400],
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
  ["a head too long", `GET / HTTP/1.1\r\na: ${"b".repeat(20_000)}`, 431],
];

for (const [what, text, status] of REFUSED) {
  Deno.test(`readRequest() refuses ${what} with ${status}`, async () => {
    await assert.rejects(requestOf(text), (error: BadRequest) => {
      assert.ok(error instanceof BadRequest, String(error));
      return error.status === status;
    });
  });
}

Deno.test("readRequest() refuses what is no head as soon as it comes", async () => {
  for (
    const text of [
      "GET / HTTP/1.1\n",
      "GET / HTTP/1.1\rh",
      "\x01\0\0\x7f{", // the begin of a session
      "\x16\x03\x01\x02", // the begin of TLS
    ]
  ) {
    const { client, server } = transportPair(new FakeClock());
    const request = readRequest(server);
    await client.write(new TextEncoder().encode(text));
    await assert.rejects(request, { status: 400 });
  }
});

Deno.test("readRequest() keeps each byte of a value but the blanks around it", async () => {
  const request = await requestOf(
    `GET /\u00e0?\u00e0 HTTP/1.1\r\n${HOST}a:\t \u00e0 b\u00e0 \t\r\n\r\n`,
  );
  // A byte a character, as nobody said which encoding it is.
  assert.equal(request?.path, "/\u00c3\u00a0");
  assert.equal(request?.headers.get("a"), "\u00c3\u00a0 b\u00c3\u00a0");
});

Deno.test("readRequest() goes by the target's host where it names one", async () => {
  const request = await requestOf(
    `GET http://evil.example/ HTTP/1.1\r\n${HOST}\r\n`,
  );
  // RFC 9112, section 3.2.2
  assert.equal(request?.host, "evil.example");
});

Deno.test("readRequest() takes a head up to its limit to the byte", async () => {
  const [start, end] = [`GET / HTTP/1.1\r\n${HOST}a: `, "\r\n\r\n"];
  const most = MAX_HEAD_BYTES - start.length - end.length;
  const text = (bytes: number) => start + "b".repeat(bytes) + end;
  assert.equal((await requestOf(text(most)))?.headers.get("a")?.length, most);
  await assert.rejects(requestOf(text(most + 1)), { status: 431 });
});

Deno.test("writeResponse() says the length, and leaves the body out at HEAD", async () => {
  for (const withBody of [true, false]) {
    const { client, server } = transportPair(new FakeClock());
    await writeResponse(
      server,
      new Response("hé", { status: 404, headers: { "x-a": "b" } }),
      { withBody },
    );
    const buffer = new Uint8Array(1000);
    const count = await client.read(buffer);
    const text = new TextDecoder().decode(buffer.subarray(0, count!));
    assert.match(text, /^HTTP\/1\.1 404 Not Found\r\n/);
    assert.match(text, /\r\nx-a: b\r\n/);
    assert.match(text, /\r\ncontent-length: 3\r\n/);
    assert.match(text, /\r\nconnection: close\r\n/);
    assert.ok(text.endsWith(withBody ? "\r\n\r\nhé" : "\r\n\r\n"));
  }
});
