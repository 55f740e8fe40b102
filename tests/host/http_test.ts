import assert from "node:assert/strict";
import { type HttpOptions, HttpPort } from "../../lib/host/http.ts";
import { FREE_GUESSES, TokenGate } from "../../lib/server/token_gate.ts";
import type { Transport } from "../../lib/ports/common.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { UPGRADE } from "../support/http_request.ts";
import { transportPair } from "../support/memory_transport.ts";

function httpPort(
  clock: FakeClock,
  options: Partial<HttpOptions> = {},
): HttpPort {
  return new HttpPort({
    hosts: [],
    gate: new TokenGate(null, clock),
    admits: () => true,
    isReady: () => true,
    metricsText: () => "numbers",
    peaks: () => Promise.resolve(new Uint8Array(0)),
    serveSession: () => Promise.resolve(),
    ended: () => {},
    ...options,
  }, clock);
}

/** What a client of this machine is answered, as text. */
async function answerTo(
  path: string,
  fields: Record<string, string>,
  options: Partial<HttpOptions> = {},
): Promise<string> {
  const clock = new FakeClock();
  const { client, server } = transportPair(clock, {
    clientAddress: "127.0.0.1:5000",
  });
  const port = httpPort(clock, options);
  const served = port.serve(server, new AbortController().signal);
  const lines = Object.entries({ host: "localhost", ...fields })
    .map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await client.write(
    new TextEncoder().encode(`GET ${path} HTTP/1.1\r\n${lines}\r\n`),
  );
  await settle();
  await client.closeWrite();
  await served;
  const bytes = new Uint8Array(100_000);
  const count = await client.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, count ?? 0));
}

const PROXY_FIELDS: Record<string, string>[] = [
  { forwarded: "for=192.0.2.60" },
  { "X-Forwarded-For": "127.0.0.1" },
  { "X-Real-IP": "" },
  { Via: "1.1 proxy" },
];

for (const fields of PROXY_FIELDS) {
  const [[name]] = Object.entries(fields);
  Deno.test(`a request with ${name} has no right to the numbers by its address`, async () => {
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

  Deno.test(`a session whose request had ${name} is known to be passed on`, async () => {
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

Deno.test("a token of any characters opens the numbers", async () => {
  for (const token of ["a  secret", "\u00c5\u00df\u2026\u00e0", "\u{1f511}"]) {
    const gate = new TokenGate(token, new FakeClock());
    const fields = { via: "1.1 proxy", authorization: `bearer ${token} ` };
    assert.match(await answerTo("/metrics", fields, { gate }), / 200 OK/);
  }
});

Deno.test("a device that was let in need not wait for a waveform where its address guessed", async () => {
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

Deno.test("a WebSocket of another version than 13 is told which one is spoken", async () => {
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

Deno.test("a page by a foreign name says how to allow it, and escapes the name", async () => {
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
  Deno.test(`serve() tells ${ended ?? "nothing"} of a request for ${what}`, async () => {
    const told: string[] = [];
    await answerTo(path, fields, {
      ended: (peer, reason) => told.push(`${peer} ${reason}`),
    });
    assert.deepEqual(told, ended ? [`127.0.0.1:5000 ${ended}`] : []);
  });
}

/** A request whose head never ends. */
async function dribbling() {
  const clock = new FakeClock();
  const { client, server } = transportPair(clock);
  const served = httpPort(clock).serve(server, new AbortController().signal);
  const said = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: loc");
  for (const byte of said) await client.write(Uint8Array.of(byte));
  return { clock, server, served };
}

Deno.test("serve() cuts a request that takes 10 s, however its bytes dribble", async () => {
  const { clock, server, served } = await dribbling();
  await clock.advance(9_999);
  assert.equal(server.closed, false);
  await clock.advance(1);
  assert.equal(server.closed, true);
  await clock.runUntil(served);
});

Deno.test("serve() gives a request its time once more if the server stood still", async () => {
  const { clock, server, served } = await dribbling();
  await clock.standStill(24_000);
  assert.equal(server.closed, false);
  await clock.advance(10_000);
  assert.equal(server.closed, true);
  await clock.runUntil(served);
});
