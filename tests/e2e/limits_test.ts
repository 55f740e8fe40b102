import assert from "node:assert/strict";
import { isHomeAddress } from "../../lib/model/address.ts";
import { askRaw } from "../support/http_request.ts";
import { HELLO } from "../support/memory_server.ts";
import { MUSIC, startServer, TempFolder } from "../support/programs.ts";
import { messageFrame } from "../support/raw_peer.ts";

/** An address of this machine that is not loopback, as other machines have. */
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

/** Connects and says something; the first bytes of what is answered, as text. */
async function talk(port: number, hostname: string, said?: Uint8Array) {
  const conn = await Deno.connect({ hostname, port });
  if (said) await conn.write(said);
  const bytes = new Uint8Array(300);
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
  "an address has as many sessions as it may, and this machine any number",
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
  "an address has as many plain streams as it may",
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
  "an address has 64 HTTP requests at once, and a 65th is told 503",
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

Deno.test("the server has 256 HTTP requests at once, and a 257th is told 503", async () => {
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
  "an address begins twice as many handshakes as it has clients, and no more",
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
  "wrong tokens slow their address down, for sessions and numbers alike",
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
    // Six wrong ones: the next is looked at a second after the last.
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
    // Who would wait for too long is told so at once, while others still wait.
    const crowd = Array.from({ length: 20 }, () => numbers("a-wrong-token"));
    await Promise.any(crowd.map(async (answer) => {
      assert.equal((await answer).status, 429);
    }));
    await server[Symbol.asyncDispose]();
    await Promise.allSettled(crowd);
  },
);

Deno.test(
  "a server without a token serves its home network alone, on every port",
  {
    ignore: !isPublic, // All addresses here are a home's.
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
