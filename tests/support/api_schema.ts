/**
 * Checks answers against `docs/openapi.json`. Its packages are imported by their
 * addresses, as what deno.json names is built into the programs.
 *
 * @module
 */

// deno-lint-ignore no-import-prefix
import { Ajv2020 } from "npm:ajv@8.20.0/dist/2020.js";
// deno-lint-ignore no-import-prefix
import { Validator } from "npm:@seriousme/openapi-schema-validator@2.11.0";
import assert from "node:assert/strict";
import { OPEN_API_FILE } from "../../.ci/openapi.ts";

/** The parts of the description that tests look at. */
interface Description {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
}

const TEXT = await Deno.readTextFile(OPEN_API_FILE);

/** The text of the description. */
export const API_TEXT = TEXT;
/** The description. */
export const API: Description = JSON.parse(TEXT);

const BASE = "https://api.invalid/";
const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ ...JSON.parse(TEXT), $id: BASE });

/** The faults of the description by the specification of OpenAPI. */
export async function faults(): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(JSON.parse(TEXT));
  return valid ? [] : errors;
}

/** Checks that an answer is described. */
export function checkAnswer(
  method: string,
  path: string,
  { status, type, body }: { status: number; type: string; body: unknown },
): void {
  const where = ["paths", path, method, "responses", `${status}`];
  const response = resolved(where);
  const { content } = response.value as {
    content?: Record<string, { schema?: unknown }>;
  };
  if (content === undefined) return;
  const media = Object.keys(content).find((it) =>
    it === type || (it.endsWith("/*") && type.startsWith(it.slice(0, -1)))
  );
  assert.ok(media, `${method} ${path} ${status}: ${type}`);
  if (media !== "application/json") return;
  const at = [...response.path, "content", media, "schema"];
  const pointer = at.map((it) =>
    encodeURIComponent(it.replaceAll("~", "~0").replaceAll("/", "~1"))
  );
  const validate = ajv.getSchema(`${BASE}#/${pointer.join("/")}`)!;
  assert.ok(
    validate(body),
    `${method} ${path} ${status}: ${JSON.stringify(validate.errors)}`,
  );
}

/** A part of the description, behind its reference if it is one. */
function resolved(path: string[]): { path: string[]; value: unknown } {
  let value: unknown = API;
  for (const name of path) value = (value as Record<string, unknown>)?.[name];
  assert.ok(value, `not described: ${path.join(" ")}`);
  const { $ref } = value as { $ref?: string };
  return $ref === undefined
    ? { path, value }
    : resolved($ref.split("/").slice(1));
}
