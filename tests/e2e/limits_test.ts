import assert from "node:assert/strict";
import { isHomeAddress } from "../../lib/model/address.ts";
import { askRaw } from "../support/http_request.ts";
import { HELLO } from "../support/memory_server.ts";
import { MUSIC, startServer, TempFolder } from "../support/programs.ts";
import { messageFrame } from "../support/raw_peer.ts";

/** An address of this machine that is not loopback, like those of others. */
const OUTER = Deno.networkInterfaces().find(({ family, address }) =>
  family === "IPv4" && !address.startsWith("127.")
)?.address;
const isPublic = OUTER !== undefined && !isHomeAddress(OUTER);
const needsNetwork = { ignore: OUTER === undefined };

async function serve(...words: string[]) {
  const program = startServer([
    "--music",
    MUSIC,
    "--host",
    "0.0.0.0",
    ...words,
  ]);
  const [, line] = await program.printed(/^listening (.*)\n/);
  return {
    program,
    ports: JSON.parse(line) as Record<"session" | "stream" | "http", number>,
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** Connects and sends bytes. @returns The first of the answer, as text. */
async function talk(port: number, hostname: string, said?: Uint8Array) {
  const conn = await Deno.connect({ hostname, port });
  if (said) await conn.write(said);
  // A welcome lists all that are online, in front of its type.
  const bytes = new Uint8Array(8192);
  const count = await conn.read(bytes).catch(() => null);
  return {
    text: new TextDecoder().decode(bytes.subarray(0, count ?? 0)),
    [Symbol.dispose]: () => conn.close(),
  };
}

function hello(): Uint8Array {
  return messageFrame({ ...HELLO, device: crypto.randomUUID() });
}

Deno.test(
  "the sessions of an address are limited, those of this machine are not",
  needsNetwork,
  async () => {
    await using server = await serve(
      ...["--max-clients-per-address", "2", "--open"],
    );
    const { session } = server.ports;
    using _one = await talk(session, OUTER!, hello());
    {
      using two = await talk(session, OUTER!, hello());
      assert.match(two.text, /"type":"welcome"/);
      using three = await talk(session, OUTER!, hello());
      assert.match(three.text, /"code":"busy".*--max-clients-per-address/);
      for (let i = 0; i < 3; i++) {
        using local = await talk(session, "127.0.0.1", hello());
        assert.match(local.text, /"type":"welcome"/);
      }
    }
    await server.program.printed(/(ends: [^\n]*\n[^]*){5}/, "stderr");
    using again = await talk(session, OUTER!, hello());
    assert.match(again.text, /"type":"welcome"/);
  },
);

Deno.test(
  "the plain streams of an address are limited",
  needsNetwork,
  async () => {
    await using server = await serve(
      ...["--max-clients-per-address", "2", "--open", "--loop"],
    );
    const { stream } = server.ports;
    using one = await talk(stream, OUTER!);
    using two = await talk(stream, OUTER!);
    using three = await talk(stream, OUTER!);
    using local = await talk(stream, "127.0.0.1");
    assert.match(one.text, /RIFF/);
    assert.match(two.text, /RIFF/);
    assert.equal(three.text, "");
    assert.match(local.text, /RIFF/);
  },
);

Deno.test(
  "an address may have 64 concurrent HTTP requests, and the 65th is answered 503",
  needsNetwork,
  async () => {
    await using server = await serve();
    const { http: port } = server.ports;
    const waiting: Deno.Conn[] = [];
    const request = { path: "/healthz", hostname: OUTER };
    for (let i = 0; i < 63; i++) {
      waiting.push(await Deno.connect({ hostname: OUTER!, port }));
    }
    assert.equal((await askRaw(port, request)).status, 200);
    waiting.push(await Deno.connect({ hostname: OUTER!, port }));
    assert.equal((await askRaw(port, request)).status, 503);
    assert.equal((await askRaw(port, { path: "/healthz" })).status, 200);
    for (const conn of waiting) conn.close();
  },
);

Deno.test("the server handles 256 concurrent HTTP requests, and answers the 257th with 503", async () => {
  await using server = await serve();
  const { http: port } = server.ports;
  const connect = () => Deno.connect({ hostname: "127.0.0.1", port });
  const waiting: Deno.Conn[] = [];
  for (let i = 0; i < 255; i++) waiting.push(await connect());
  assert.equal((await askRaw(port, { path: "/healthz" })).status, 200);
  waiting.push(await connect());
  assert.equal((await askRaw(port, { path: "/healthz" })).status, 503);
  for (const conn of waiting) conn.close();
});

Deno.test(
  "an address may have twice as many pending handshakes as clients, and no more",
  needsNetwork,
  async () => {
    await using folder = await TempFolder.make();
    await using server = await serve(
      ...["--max-clients-per-address", "2"],
      ...["--tls-self-signed", "--tls-dir", folder.file("tls")],
    );
    const waiting: Deno.Conn[] = [];
    for (let i = 0; i < 4; i++) {
      const port = server.ports.session;
      waiting.push(await Deno.connect({ hostname: OUTER!, port }));
    }
    using fifth = await talk(server.ports.session, OUTER!);
    assert.equal(fifth.text, "");
    await server.program.printed(
      /no TLS with .*: too many connections/,
      "stderr",
    );
    for (const conn of waiting) conn.close();
  },
);

Deno.test(
  "wrong tokens slow their address down, for sessions and metrics alike",
  needsNetwork,
  async () => {
    await using server = await serve("--token", "a-right-token");
    const { http, session } = server.ports;
    const numbers = async (token: string) => {
      const startMs = performance.now();
      const { status } = await askRaw(http, {
        ...{ path: "/metrics", hostname: OUTER },
        headers: { authorization: `Bearer ${token}` },
      });
      return { status, ms: performance.now() - startMs };
    };
    for (let i = 0; i < 6; i++) {
      assert.equal((await numbers("a-wrong-token")).status, 401);
    }
    // Six were wrong: the next is checked one second after the last.
    const right = await numbers("a-right-token");
    assert.equal(right.status, 200);
    assert.ok(right.ms > 800, `${right.ms} ms`);
    const startMs = performance.now();
    using client = await talk(
      session,
      OUTER!,
      messageFrame({ ...HELLO, token: "a-right-token" }),
    );
    assert.match(client.text, /"type":"welcome"/);
    assert.ok(performance.now() - startMs > 800);
    assert.doesNotMatch(server.program.stderr, /a-(right|wrong)-token/);
    // Requests that would wait too long are refused at once; others still wait.
    const crowd = Array.from({ length: 20 }, () => numbers("a-wrong-token"));
    await Promise.any(crowd.map(async (answer) => {
      assert.equal((await answer).status, 429);
    }));
    await server[Symbol.asyncDispose]();
    await Promise.allSettled(crowd);
  },
);

Deno.test(
  "a server without a token serves only its home network, on every port",
  {
    ignore: !isPublic, // without a public address
  },
  async () => {
    await using server = await serve();
    const { http, session, stream } = server.ports;
    using refused = await talk(session, OUTER!, hello());
    assert.match(refused.text, /"code":"unauthorized"/);
    using nothing = await talk(stream, OUTER!);
    assert.equal(nothing.text, "");
    const paths = {
      "/": 403,
      "/session": 403,
      "/metrics": 403,
      "/healthz": 200,
    };
    for (const [path, status] of Object.entries(paths)) {
      const answer = await askRaw(http, { path, hostname: OUTER });
      assert.equal(answer.status, status, path);
    }
  },
);
