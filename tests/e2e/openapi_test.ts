import assert from "node:assert/strict";
import { openApiText } from "../../.ci/openapi.ts";
import { MOST_AT_ONCE } from "../../lib/host/http_callers.ts";
import { ROUTES } from "../../lib/host/http_routes.ts";
import { PAGE_FILES } from "../../lib/host/page_files.ts";
import { readKeyOf } from "../../lib/server/read_key.ts";
import { CALLER_REQUESTS } from "../../lib/server/caller_requests.ts";
import { API, API_TEXT, checkAnswer, faults } from "../support/api_schema.ts";
import { askRaw, requestHead } from "../support/http_request.ts";
import { TestServer } from "../support/programs.ts";
import { openSession } from "../support/sessions.ts";

Deno.test("docs/openapi.json is a valid description of OpenAPI", async () => {
  assert.deepEqual(await faults(), []);
});

Deno.test("docs/openapi.json is what .ci/openapi.ts makes of the tables", () => {
  assert.equal(API_TEXT, openApiText());
});

Deno.test("docs/openapi.json has every message and every route for programs", () => {
  const messages = [...Object.keys(CALLER_REQUESTS), "rescan"];
  const described = Object.keys(API.paths);
  assert.deepEqual(
    described.filter((path) => path.startsWith("/api/")).sort(),
    messages.map((it) => `/api/${it}`).sort(),
  );
  // Those of the page, of monitoring and of Snapcast have no place in it.
  const others = [
    ...["/session", "/peaks", "/metrics", "/healthz", "/readyz", "/jsonrpc"],
  ];
  const routes = ROUTES.map(({ path }) => path)
    .filter((path) => !others.includes(path) && !(path in PAGE_FILES));
  for (const route of routes) {
    const begin = route.replace("*", "");
    assert.ok(described.some((path) => path.startsWith(begin)), route);
  }
});

/** The path of the description that a real one belongs to. */
const PATHS: [RegExp, string][] = [
  [/^\/songs\/.*/, "/songs/{name}"],
  [/^\/albums\/.*/, "/albums/{key}.m3u8"],
  [/^\/art\/.*/, "/art/{name}"],
  [/^\/waveform\/.*/, "/waveform/{name}"],
];

const JSON_TYPE = { "content-type": "application/json" };

/** A message, other fields of the head, and the status of its answer. */
const ASKED: [string, unknown, Record<string, string>, number][] = [
  ["list", {}, {}, 200],
  ["list", { selection: "Greensleeves", id: "a" }, {}, 200],
  ["albums", {}, {}, 200],
  ["artists", {}, {}, 200],
  ["playlists", {}, {}, 200],
  ["online", {}, {}, 200],
  ["queue", { to: "kitchen", songs: ["greensleeves", "canon in d"] }, {}, 200],
  ["cast", { to: ["kitchen", "nobody"], song: "greensleeves" }, {}, 200],
  ["groups", {}, {}, 200],
  ["control", { to: "kitchen", action: "volume", value: 40 }, {}, 200],
  ["group", { devices: ["kitchen", "hall"] }, {}, 200],
  ["ungroup", { devices: ["hall"] }, {}, 200],
  ["rescan", {}, {}, 200],
  ["list", { limit: 0 }, {}, 400],
  ["cast", { to: ["kitchen"], song: "../x" }, {}, 400],
  ["list", {}, { authorization: "Bearer wrong" }, 401],
  ["list", {}, { "sec-fetch-site": "cross-site" }, 403],
  ["cast", { to: ["kitchen"], song: "none" }, {}, 404],
  ["control", { to: "kitchen", action: "next", entry: 999 }, {}, 409],
  ["list", { match: "a".repeat(65_536) }, {}, 413],
  ["list", {}, { "content-type": "text/plain" }, 415],
  ["list", {}, { host: "evil.example" }, 421],
];

/** A path, other fields of the head, and the status of its answer. */
const READ: [string, Record<string, string>, number][] = [
  ["/songs/Greensleeves.wav", {}, 200],
  ["/songs/Greensleeves.wav?as=wav", {}, 200],
  ["/songs/Greensleeves.wav", { range: "bytes=0-3" }, 206],
  ["/songs/Greensleeves.wav", { "if-none-match": "*" }, 304],
  ["/songs/Greensleeves.wav", { range: "bytes=999999999-" }, 416],
  ["/songs/a%2Fb", {}, 400],
  ["/songs/none.wav", {}, 404],
  ["/songs/Greensleeves.wav", { host: "evil.example" }, 421],
  ["/songs/Greensleeves.wav", { origin: "http://evil.example" }, 403],
  ["/songs.m3u8", {}, 200],
  ["/songs.m3u8", { "if-none-match": "*" }, 304],
  ["/albums/00.m3u8", {}, 404],
  ["/art/Greensleeves.wav?size=64", {}, 404],
  ["/art/Greensleeves.wav?size=65", {}, 400],
  ["/waveform/Greensleeves.wav", {}, 200],
  ["/waveform/Greensleeves.wav?etag=other", {}, 404],
];

Deno.test("the server answers as docs/openapi.json says", async () => {
  await using server = await TestServer.start(["--token", "secret"]);
  const { session, http } = server.ports;
  const authorization = "Bearer secret";
  const devices = await Promise.all(
    ["kitchen", "hall"].map((name) =>
      openSession(session, { name, receive: true, token: "secret" })
    ),
  );
  const ask = async (
    message: string,
    fields: unknown,
    head: Record<string, string> = {},
  ) => {
    const answer = await raw(http, "POST", `/api/${message}`, {
      ...JSON_TYPE,
      ...{ authorization, ...head },
    }, JSON.stringify(fields));
    checkAnswer("post", `/api/${message}`, answer);
    return answer;
  };
  for (const [message, fields, head, status] of ASKED) {
    const answer = await ask(message, fields, head);
    assert.equal(answer.status, status, `${message} ${JSON.stringify(fields)}`);
  }
  const queued = { to: "kitchen", songs: ["greensleeves"], place: "end" };
  const { group } = (await ask("queue", queued)).body as { group: string };
  const { entries } = (await ask("entries", { group })).body as {
    entries: { entry: number }[];
  };
  const edit = { group, action: "remove", entries: [entries.at(-1)!.entry] };
  assert.equal((await ask("edit", edit)).status, 200);
  assert.equal((await ask("move", { group, to: "hall" })).status, 200);
  for (const [path, head, status] of READ) {
    for (const method of ["GET", "HEAD"]) {
      if (method === "HEAD" && "range" in head) continue;
      const answer = await raw(http, method, path, { authorization, ...head });
      const [, described = path] = PATHS.find(([real]) => real.test(path)) ??
        [];
      assert.equal(answer.status, status, path);
      checkAnswer(method.toLowerCase(), described, answer);
    }
  }
  const key = readKeyOf("secret");
  assert.equal((await raw(http, "GET", `/songs.m3u8?key=${key}`)).status, 200);
  assert.equal((await raw(http, "GET", "/songs.m3u8")).status, 401);
  const held = await Promise.all(
    Array.from({ length: MOST_AT_ONCE }, () => holdRequest(http)),
  );
  while ((await ask("list", {})).status !== 429);
  for (const conn of held) conn.close();
  for (const device of devices) device.close();
});

async function raw(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
) {
  const answer = await askRaw(port, { method, path, headers, body });
  const [type] = (answer.headers.get("content-type") ?? "").split(";");
  return {
    ...{ status: answer.status, type },
    body: type === "application/json" ? JSON.parse(answer.body) : null,
  };
}

/** A request whose body never comes. */
async function holdRequest(port: number): Promise<Deno.Conn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const headers = { ...JSON_TYPE, "content-length": "2" };
  const head = requestHead(port, {
    ...{ method: "POST", path: "/api/list" },
    headers: { ...headers, authorization: "Bearer secret" },
  });
  await conn.write(head);
  return conn;
}
