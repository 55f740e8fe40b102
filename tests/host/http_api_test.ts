import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import { HttpApi } from "../../lib/host/http_api.ts";
import { MOST_AT_ONCE } from "../../lib/host/http_callers.ts";
import { respond, UPGRADE } from "../../lib/host/http_routes.ts";
import { parseHead } from "../../lib/host/http_head.ts";
import type { GroupStore } from "../../lib/ports/group_store.ts";
import { UnkeptGroups } from "../../lib/server/groups/unkept_groups.ts";
import { httpWorld } from "../support/http_world.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

function apiOf(server: MemoryServer, size = 1) {
  const { hub, songs } = server;
  const api = new HttpApi({
    ...{ hub, songs: { size } },
    rescan: () => Promise.resolve(),
  });
  const world = httpWorld({ songs, api: (request) => api.answer(request) });
  return async (
    message: string,
    body: string,
    fields: Record<string, string> = {},
    { method = "POST", holds = false } = {},
  ) => {
    const head = { host: "pi.local", "content-type": "application/json" };
    const lines = Object.entries({ ...head, ...fields })
      .map(([name, value]) => `\r\n${name}: ${value}`).join("");
    const answer = await respond(world, {
      ...parseHead(
        new TextEncoder().encode(`${method} /api/${message} HTTP/1.1${lines}`),
      ),
      ...{ ip: "127.0.0.1", isOver: () => false },
      readBody: () => Promise.resolve(new TextEncoder().encode(body)),
    });
    assert.ok(answer !== UPGRADE && answer.body instanceof Uint8Array);
    if (!holds) answer.release?.();
    const fieldsOf = JSON.parse(new TextDecoder().decode(answer.body));
    return { status: answer.status, ...fieldsOf };
  };
}

Deno.test("POST /api/list answers as a session does, with the id as re", async () => {
  const server = new MemoryServer();
  server.songs.add("a.wav", wavFile(PHONE, noise(10)));
  const { status, type, re, songs } = await apiOf(server)("list", '{"id":7}');
  assert.deepEqual([status, type, re], [200, "songs", 7]);
  assert.deepEqual(songs.map(({ title }: { title: string }) => title), ["a"]);
});

Deno.test("POST /api/rescan looks again, and is refused by a read-only server", async () => {
  const done = await apiOf(new MemoryServer())("rescan", "{}");
  assert.deepEqual([done.status, done.type, done.done], [
    200,
    "rescanned",
    true,
  ]);
  const refused = await apiOf(new MemoryServer({ readOnly: true }))(
    ...["rescan", "{}"] as const,
  );
  assert.deepEqual([refused.status, refused.code], [403, "read-only"]);
});

Deno.test("POST /api/rename renames a song, and is refused by a read-only server", async () => {
  const body = '{"song":"a","name":"b"}';
  for (const readOnly of [false, true]) {
    const server = new MemoryServer({ readOnly });
    const { etag } = server.songs.add("a.wav", wavFile(PHONE, noise(10)));
    const { status, type, code, ...answer } = await apiOf(server)(
      ...["rename", body] as const,
    );
    if (readOnly) assert.deepEqual([status, code], [403, "read-only"]);
    else assert.deepEqual([status, type], [200, "renamed"]);
    if (!readOnly) assert.deepEqual(answer, { song: "b.wav", etag });
  }
});

const REFUSALS: [string, string, Record<string, string>, number, string][] = [
  ["list", "{", {}, 400, "bad-message"],
  ["list", "[]", {}, 400, "bad-message"],
  ["list", '{"limit":0}', {}, 400, "bad-message"],
  ["list", "[".repeat(200), {}, 400, "bad-message"],
  ["online", '{"watch":true}', {}, 400, "bad-message"],
  ["groups", '{"watch":false}', {}, 400, "bad-message"],
  ["play", '{"song":"a"}', {}, 404, "not-found"],
  ["__proto__", "{}", {}, 404, "not-found"],
  ["entries", '{"group":"x"}', {}, 404, "not-found"],
  ["list", "{}", { "content-type": "text/plain" }, 415, "bad-message"],
  ["list", "{}", { "sec-fetch-site": "cross-site" }, 403, "unauthorized"],
  ["list", "{}", { origin: "http://evil.example" }, 403, "unauthorized"],
];

for (const [message, body, fields, status, code] of REFUSALS) {
  const given = JSON.stringify(fields);
  Deno.test(`POST /api/${message} answers ${status} ${code} to ${body.slice(0, 20)} with ${given}`, async () => {
    const answer = await apiOf(new MemoryServer())(message, body, fields);
    assert.deepEqual([answer.status, answer.code], [status, code]);
  });
}

Deno.test("POST /api/list needs the token as bearer, never as a key", async () => {
  const ask = apiOf(new MemoryServer({ token: "secret" }));
  assert.equal((await ask("list", "{}")).status, 401);
  assert.equal((await ask("list?key=secret", "{}")).status, 401);
  const authorization = "Bearer secret";
  assert.equal((await ask("list", "{}", { authorization })).status, 200);
});

Deno.test("an address has 16 requests at once", async () => {
  const ask = apiOf(new MemoryServer());
  const held = { holds: true };
  for (let i = 0; i < MOST_AT_ONCE; i++) {
    assert.equal((await ask("list", "{}", {}, held)).status, 200);
  }
  assert.equal((await ask("list", "{}")).status, 429);
});

Deno.test("GET /api/list answers 405 in JSON", async () => {
  const answer = await apiOf(new MemoryServer())("list", "", {}, {
    method: "GET",
  });
  assert.equal(answer.status, 405);
});

/** A server with a receiving kitchen, two baths, and a phone that does not receive. */
async function household(store?: GroupStore) {
  const server = new MemoryServer({ store });
  server.songs.add("a.wav", wavFile(PHONE, noise(10)));
  server.songs.addEntry({
    ...{ name: "broken.wav", format: null, problem: "unsupported" },
  });
  const devices = ["kitchen", "bath", "bath", "phone"];
  for (const [index, name] of devices.entries()) {
    await server.connectWelcomed({
      hello: {
        ...{ name, receive: name !== "phone", features: ["groups"] },
        device: `00000000-0000-4000-8000-00000000000${index}`,
      },
    });
  }
  return { server, ask: apiOf(server) };
}

const CONFLICTS: [string, Record<string, unknown>, number, string][] = [
  ["queue", { to: "bath", songs: ["a"] }, 409, "ambiguous"],
  ["cast", { to: ["bath"], song: "a" }, 409, "ambiguous"],
  ["control", { to: "phone", action: "pause" }, 409, "not-receiving"],
  ["control", { to: "kitchen", action: "next", entry: 77 }, 409, "stale"],
  ["edit", { group: "GROUP", revision: 0, action: "clear" }, 409, "stale"],
  ["cast", { to: ["kitchen"], song: "broken" }, 422, "unsupported"],
  [
    "queue",
    { to: "kitchen", songs: Array(1001).fill("a") },
    400,
    "bad-message",
  ],
  ["cast", { to: ["kitchen"], song: "../a" }, 400, "bad-name"],
];

for (const [message, fields, status, code] of CONFLICTS) {
  const given = JSON.stringify(fields).slice(0, 60);
  Deno.test(`POST /api/${message} answers ${status} ${code} to ${given}`, async () => {
    const { ask } = await household();
    const queued = { to: "kitchen", songs: ["a", "a"] };
    const { group } = await ask("queue", JSON.stringify(queued));
    const body = JSON.stringify(fields).replace("GROUP", group);
    const answer = await ask(message, body);
    assert.deepEqual([answer.status, answer.code], [status, code]);
  });
}

Deno.test("POST /api/cast answers 200 with `refused` where only some devices took it", async () => {
  const { ask } = await household();
  const body = JSON.stringify({ to: ["kitchen", "phone"], song: "a" });
  const { status, to, refused } = await ask("cast", body);
  assert.deepEqual([status, to.length], [200, 1]);
  assert.deepEqual(
    refused.map((it: { code: string }) => it.code),
    ["not-receiving"],
  );
});

Deno.test("POST /api/queue answers 413 to more entries than a queue holds", async () => {
  const { server, ask } = await household();
  for (let i = 0; i < 200; i++) {
    server.songs.add(`many/${i}.wav`, wavFile(PHONE, noise(1)));
  }
  const body = JSON.stringify({
    to: "kitchen",
    songs: Array(501).fill("many/"),
  });
  const answer = await ask("queue", body);
  assert.deepEqual([answer.status, answer.code], [413, "too-large"]);
});

Deno.test("POST /api/queue answers 507 where the disk is full", async () => {
  class FullDisk extends UnkeptGroups {
    override save(): Promise<void> {
      return Promise.reject(new OndacastError("no-space", "Cannot save: full"));
    }
  }
  const { ask } = await household(new FullDisk());
  const answer = await ask("queue", '{"to":"kitchen","songs":["a"]}');
  assert.deepEqual([answer.status, answer.code], [507, "no-space"]);
});

Deno.test("an address that asked too much waits, and is answered 429 beyond 4 s", async () => {
  const server = new MemoryServer();
  const ask = apiOf(server, 800_000);
  // It costs as much as the address may ask in 8 s, beyond what it has saved.
  assert.equal((await ask("rescan", "{}")).status, 200);
  const refused = await ask("list", "{}");
  assert.deepEqual([refused.status, refused.code], [429, "busy"]);
  await server.clock.advance(3_000);
  const waiting = ask("list", "{}");
  await server.clock.advance(4_000);
  assert.equal((await waiting).status, 200);
});
