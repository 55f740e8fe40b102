/**
 * Describes the HTTP port for other programs (OpenAPI 3.1), from the table of
 * messages and that of the statuses: `deno run -A .ci/openapi.ts` writes
 * `docs/openapi.json`, and a test compares it.
 *
 * @module
 */

import type * as v from "valibot";
import { API_STATUS } from "../lib/host/http_api_answer.ts";
import { SIZES } from "../lib/host/http_art.ts";
import type { CallerRequestType } from "../lib/server/caller_requests.ts";
import { JSON_SCHEMAS } from "../lib/wire/fields.ts";
import { ANSWERS } from "../lib/wire/messages.ts";
import { TO_PEER } from "../lib/wire/to_peer.ts";
import { TO_SERVER } from "../lib/wire/to_server.ts";

/** A JSON value. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** What each message does. */
const MESSAGES: Record<CallerRequestType, string> = {
  list: "Lists songs, by name, text, album, artist, genre or selection.",
  albums: "Lists albums.",
  artists: "Lists artists.",
  playlists: "Lists the playlists of the music folder.",
  cast: "Plays a song on devices.",
  control: "Pauses, resumes, stops, seeks, skips, or sets a volume.",
  queue: "Queues songs on devices, or plays them now.",
  group: "Makes devices play together, in step.",
  ungroup: "Makes devices play alone again.",
  move: "Lets what plays go on at other devices.",
  groups: "Lists groups of devices, and what each plays.",
  entries: "Lists the entries of a queue.",
  edit: "Removes or moves entries of a queue.",
  rename: "Gives a song another name.",
  online: "Lists the connected clients.",
};

/** The description as an object. */
export function openApi(): JsonObject {
  return {
    openapi: "3.1.0",
    info: {
      title: "Ondacast",
      version: "1",
      description:
        "The HTTP port of an Ondacast server, for scripts and other programs.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "http://127.0.0.1:4042" }],
    security: [{}, { token: [] }],
    paths: { ...readPaths(), ...messagePaths() },
    components: {
      securitySchemes: {
        token: {
          ...{ type: "http", scheme: "bearer" },
          description: "The server's token.",
        },
        readKey: {
          ...{ type: "apiKey", in: "query", name: "key" },
          description:
            'For players: base64url of the first 16 bytes of HMAC-SHA256(token, "ondacast read 1").',
        },
      },
      schemas: {
        Error: objectOf({
          code: { type: "string" },
          message: { type: "string" },
        }),
      },
      responses: errorResponses(),
    },
  };
}

/** Statuses of messages that have no error code of their own. */
const OTHER_STATUSES: Record<number, string[]> = {
  403: ["unauthorized"],
  411: ["bad-message"],
  415: ["bad-message"],
  421: ["bad-message"],
  500: ["internal"],
};

/** The codes of each status of a message. */
function codesByStatus(): Map<number, string[]> {
  const codes = new Map<number, string[]>();
  const add = (status: number, code: string) =>
    codes.set(status, [...codes.get(status) ?? [], code]);
  for (const [code, status] of Object.entries(API_STATUS)) add(status, code);
  for (const [status, more] of Object.entries(OTHER_STATUSES)) {
    for (const code of more) add(Number(status), code);
  }
  return new Map([...codes].sort(([a], [b]) => a - b));
}

function errorResponses(): JsonObject {
  const json = [...codesByStatus()].map(([status, codes]) => [
    `Api${status}`,
    {
      description: codes.map((code) => `\`${code}\``).join(", "),
      content: {
        "application/json": {
          schema: {
            allOf: [
              { $ref: "#/components/schemas/Error" },
              { properties: { code: { enum: codes } } },
            ],
          },
        },
      },
    },
  ]);
  return {
    ...Object.fromEntries(json),
    Misdirected: textResponse("The host name is not one of the server's."),
    Refused: textResponse("The reason, in a sentence."),
  };
}

function textResponse(description: string): JsonObject {
  return {
    description,
    content: { "text/plain": { schema: { type: "string" } } },
  };
}

function messagePaths(): JsonObject {
  const types = Object.keys(MESSAGES) as CallerRequestType[];
  return {
    ...Object.fromEntries(types.map((type) => {
      const { fields } = TO_SERVER[type];
      const answer = ANSWERS[type];
      const answered = schemaOf(TO_PEER[answer].fields);
      return [
        `/api/${type}`,
        messagePath(type, MESSAGES[type], schemaOf(fields), answer, answered),
      ];
    })),
    "/api/rescan": messagePath(
      ...["rescan", "Looks again for changes of the music folder."] as const,
      ...[objectOf({}), "rescanned"] as const,
      objectOf({ songs: { type: "integer" }, done: { type: "boolean" } }),
    ),
  };
}

function messagePath(
  type: string,
  summary: string,
  fields: JsonObject,
  answer: string,
  answered: JsonObject,
): JsonObject {
  const { watch: _, ...properties } = fields.properties as JsonObject;
  const id = { type: ["string", "number"], maxLength: 64 };
  const statuses = [...codesByStatus().keys()].map((status) => [
    `${status}`,
    { $ref: `#/components/responses/Api${status}` },
  ]);
  return {
    post: {
      ...{ operationId: type, summary },
      requestBody: {
        required: true,
        content: jsonContent({
          ...fields,
          properties: { ...properties, id },
        }),
      },
      responses: {
        "200": {
          description: `\`${answer}\``,
          content: jsonContent({
            ...answered,
            properties: {
              type: { const: answer },
              ...answered.properties as JsonObject,
              re: id,
            },
            required: ["type", ...answered.required as string[] ?? []],
          }),
        },
        ...Object.fromEntries(statuses),
      },
    },
  };
}

function jsonContent(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}

const NAME = {
  ...{ name: "name", in: "path", required: true },
  description:
    "A song's name, each part of it percent-encoded, with `/` between parts.",
  schema: { type: "string" },
};
const ETAG = query("etag", { type: "string" }, "The `etag` of the song's row.");

function query(name: string, schema: JsonObject, description: string) {
  return { name, in: "query", schema, description };
}

/** What is read by GET and HEAD: its types, and the statuses of its refusals. */
function readPaths(): JsonObject {
  const songErrors = [400, 404, 409, 422];
  return {
    "/songs/{name}": readPath({
      ...{ id: "song", summary: "A song as a file." },
      parameters: [
        NAME,
        query("as", { const: "wav" }, "The WAV that clients are sent."),
        ETAG,
      ],
      ...{ types: ["audio/*", "application/octet-stream"], parts: true },
      refusals: [...songErrors, 416, 503],
    }),
    "/songs.m3u8": readPath({
      ...{ id: "songsList", summary: "All songs as a playlist." },
      ...{ parameters: [], types: ["audio/mpegurl"], refusals: [503] },
    }),
    "/albums/{key}.m3u8": readPath({
      ...{ id: "albumList", summary: "An album as a playlist." },
      parameters: [{
        ...{ name: "key", in: "path", required: true },
        schema: { type: "string", pattern: "^[0-9a-f]{1,64}$" },
      }],
      ...{ types: ["audio/mpegurl"], refusals: [404, 503] },
    }),
    "/art/{name}": readPath({
      ...{ id: "art", summary: "The picture of a song." },
      parameters: [
        NAME,
        {
          ...query("size", { enum: SIZES }, "Pixels of its longer side."),
          required: true,
        },
        ETAG,
      ],
      ...{ types: ["image/jpeg"], refusals: [...songErrors, 503] },
    }),
    "/waveform/{name}": readPath({
      ...{ id: "waveform", summary: "480 peaks of a song, a byte each." },
      parameters: [NAME, ETAG],
      types: ["application/octet-stream"],
      refusals: [...songErrors, 503],
    }),
  };
}

interface Read {
  id: string;
  summary: string;
  parameters: Json[];
  types: string[];
  parts?: boolean;
  refusals: number[];
}

function readPath(read: Read): JsonObject {
  const methods = ["get", "head"].map((method) => [
    method,
    readOperation(read, method),
  ]);
  return Object.fromEntries(methods);
}

function readOperation(
  { id, summary, parameters, types, parts, refusals }: Read,
  method: string,
): JsonObject {
  const body = {
    description: "The content.",
    headers: { ETag: { schema: { type: "string" } } },
    ...(method === "get" && {
      content: Object.fromEntries(types.map((type) => [type, {}])),
    }),
  };
  const refused = [...refusals, 401, 403, 429, 500].sort().map((status) => [
    `${status}`,
    { $ref: "#/components/responses/Refused" },
  ]);
  return {
    operationId: method === "get" ? id : `${id}Head`,
    ...{ summary, parameters },
    security: [{}, { token: [] }, { readKey: [] }],
    responses: {
      "200": body,
      ...(parts && method === "get" && {
        "206": { ...body, description: "The part that `Range` asked for." },
      }),
      "304": { description: "`If-None-Match` has its `ETag`." },
      ...Object.fromEntries(refused),
      "421": { $ref: "#/components/responses/Misdirected" },
    },
  };
}

function objectOf(properties: JsonObject): JsonObject {
  const required = Object.keys(properties);
  return {
    ...{ type: "object", properties },
    ...(required.length > 0 && { required }),
  };
}

/** The parts of valibot's schemas and actions that the table of messages uses. */
interface Check {
  type: string;
  entries?: Record<string, Check>;
  item?: Check;
  wrapped?: Check;
  options?: Check[] | string[];
  requirement?: unknown;
  pipe?: Check[];
}

/** A check of the table as JSON Schema. @throws {TypeError} If it has no such. */
export function schemaOf(check: v.GenericSchema | Check): JsonObject {
  const { pipe: [first, ...actions] = [check as Check] } = check as Check;
  const known = JSON_SCHEMAS.get(first as unknown as v.GenericSchema);
  const schema = known ? { ...known } : typeSchema(first);
  return Object.assign(schema, ...actions.map(actionSchema));
}

function typeSchema({ type, entries, item, wrapped, options }: Check) {
  switch (type) {
    case "object": {
      const all = Object.entries(entries!);
      const properties = all.map(([name, it]) => [name, schemaOf(it)] as const);
      const required = all.filter(([, it]) => it.type !== "optional")
        .map(([name]) => name);
      return {
        ...{ type, properties: Object.fromEntries(properties) },
        ...(required.length > 0 && { required }),
      };
    }
    case "array":
      return { type, items: schemaOf(item!) };
    case "optional":
      return schemaOf(wrapped!);
    case "nullable":
      return { anyOf: [schemaOf(wrapped!), { type: "null" }] };
    case "union":
      return { anyOf: (options as Check[]).map(schemaOf) };
    case "picklist":
      return { enum: [...options as string[]] };
    case "string":
    case "boolean":
      return { type };
    default:
      throw new TypeError(`Cannot describe a check of type ${type}`);
  }
}

function actionSchema({ type, requirement }: Check): JsonObject {
  switch (type) {
    case "min_length":
      return { minItems: requirement as number };
    case "max_length":
      return { maxItems: requirement as number };
    case "min_value":
      return { minimum: requirement as number };
    case "regex":
      // JSON Schema's patterns have no flags.
      return {
        pattern: (requirement as RegExp).source.replace("a-f", "a-fA-F"),
      };
    case "check":
      return {};
    default:
      throw new TypeError(`Cannot describe the check ${type}`);
  }
}

/** The file that describes it. */
export const OPEN_API_FILE: URL = new URL(
  "../docs/openapi.json",
  import.meta.url,
);

/** The description as the text of its file. */
export function openApiText(): string {
  return `${JSON.stringify(openApi(), null, 2)}\n`;
}

if (import.meta.main) await Deno.writeTextFile(OPEN_API_FILE, openApiText());
