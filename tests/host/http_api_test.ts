import assert from "node:assert/strict";
import { HttpApi, MOST_AT_ONCE } from "../../lib/host/http_api.ts";
import { respond, UPGRADE } from "../../lib/host/http_routes.ts";
import { parseHead } from "../../lib/host/http_head.ts";
import { httpWorld } from "../support/http_world.ts";
import { MemoryServer } from "../support/memory_server.ts";
import { noise, PHONE, wavFile } from "../support/memory_songs.ts";

function apiOf(server: MemoryServer) {
  const { hub, songs } = server;
  const api = new HttpApi({
    ...{ hub, songs: { size: 1 } },
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
