import assert from "node:assert/strict";
import { OndacastError } from "../../../lib/errors.ts";
import { TcpConnector, unreachable } from "../../../lib/io/net/tcp.ts";

const utf8 = new TextEncoder();

/** The first read of a client from a peer that sends these bytes and closes. */
async function firstRead(says: Uint8Array): Promise<Uint8Array | null> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const served = listener.accept().then(async (conn) => {
    listener.close();
    if (says.length > 0) await conn.write(says);
    conn.close();
  });
  const transport = await new TcpConnector("127.0.0.1", port).connect();
  try {
    const buffer = new Uint8Array(64);
    const bytes = await transport.read(buffer);
    return bytes === null ? null : buffer.subarray(0, bytes);
  } finally {
    await served;
    transport.close();
  }
}

const FOREIGN: [who: string, says: string, code: string, words: RegExp][] = [
  [
    "a web server",
    "HTTP/1.1 400 Bad",
    "not-ondacast",
    /is a port for HTTP\. Use .* `--server 127\.0\.0\.1:4040`/,
  ],
  ["a bare page", "<html>", "not-ondacast", /another kind of server/],
  ["SSH", "SSH-2.0-OpenSSH_9.2\r\n", "not-ondacast", /another kind of server/],
  ["SMTP", "220 mail ESMTP\r\n", "not-ondacast", /another kind of server/],
  ["IMAP", "* OK ready\r\n", "not-ondacast", /another kind of server/],
  ["POP3", "+OK ready\r\n", "not-ondacast", /another kind of server/],
  ["VNC", "RFB 003.008\n", "not-ondacast", /another kind of server/],
  ["a TLS server", "\x15\x03\x03\0\x02\x02F", "tls-mismatch", /Use --tls/],
  ["a silent peer", "", "lost", /closed before any data .* right port\?/],
];

for (const [peer, says, code, words] of FOREIGN) {
  Deno.test(`a client reports ${peer} as no Ondacast server`, async () => {
    await assert.rejects(firstRead(utf8.encode(says)), {
      code,
      message: words,
    });
  });
}

Deno.test("a client at the page's port is given the port of sessions that the page names", async () => {
  await using page = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("ok", { headers: { "ondacast-session-port": "5040" } }),
  );
  const { port } = page.addr;
  const transport = await new TcpConnector("127.0.0.1", port).connect();
  await transport.write(utf8.encode("\x01\0\0\x02{}\r\n\r\n"));
  await assert.rejects(
    async () => await transport.read(new Uint8Array(64)),
    { message: /Use the port of sessions: `--server 127\.0\.0\.1:5040`$/ },
  );
  transport.close();
});

Deno.test("ClientTransport.explain() recognizes a plain stream by its first byte", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const transport = await new TcpConnector("127.0.0.1", port).connect();
  using conn = await listener.accept();
  const error = new OndacastError("bad-frame", "data came");
  await conn.write(utf8.encode("\0\0\x20\0RIFF"));
  assert.match(transport.explain!(error).message, /something else than/);
  await transport.read(new Uint8Array(64));
  assert.match(transport.explain!(error).message, /plain stream, which/);
  transport.close();
});

Deno.test("ClientTransport.read() returns a server's first frame unchanged", async () => {
  const frame = utf8.encode("\x01\0\0\x02{}");
  assert.deepEqual(await firstRead(frame), frame);
});

const REASONS: [cause: Error, words: RegExp][] = [
  [
    new Deno.errors.ConnectionRefused("Connection refused (os error 111)"),
    /: connection refused: nothing is listening on that port\./,
  ],
  [
    new Error(
      "failed to lookup address information: Name or service not known",
    ),
    /: no machine of that name was found\./,
  ],
  [
    new Error(
      "failed to lookup address information: nodename nor servname provided, or not known",
    ),
    /: no machine of that name was found\./,
  ],
  [
    new Error("No such host is known. (os error 11001)"),
    /: no machine of that name was found\./,
  ],
  [
    new Error("No route to host (os error 113)"),
    /: there is no route to it\./,
  ],
  [
    new Deno.errors.NetworkUnreachable("Network is unreachable (os error 101)"),
    /: there is no route to it\./,
  ],
  [
    new Deno.errors.TimedOut("Connection timed out (os error 110)"),
    /: it does not answer\./,
  ],
  [
    new Error("Odd thing (os error 1)"),
    /: odd thing\. Is the server running\?/,
  ],
];

Deno.test("unreachable() gives the reason, and what to check", () => {
  for (const [cause, words] of REASONS) {
    const { code, message } = unreachable("pi:4040", cause);
    assert.equal(code, "unreachable");
    assert.match(message, words);
    assert.match(
      message,
      /^Cannot reach pi:4040: .* Choose another server with `--server HOST:PORT`$/,
    );
  }
});
