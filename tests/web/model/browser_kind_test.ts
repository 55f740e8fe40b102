import assert from "node:assert/strict";
import { browserKind } from "../../../web/model/browser_kind.ts";

const SCREENS: [
  what: string,
  isTouched: boolean,
  width: number,
  height: number,
  kind: string,
][] = [
  ["a desktop", false, 1920, 1080, "computer"],
  ["a small laptop with a touchscreen", false, 1280, 720, "computer"],
  ["a phone", true, 390, 844, "phone"],
  ["a phone on its side", true, 932, 430, "phone"],
  ["a tablet", true, 768, 1024, "tablet"],
  ["a small tablet on its side", true, 1024, 600, "tablet"],
];

for (const [what, isTouched, width, height, kind] of SCREENS) {
  Deno.test(`browserKind() is ${kind} for ${what}`, () => {
    assert.equal(browserKind(isTouched, { width, height }), kind);
  });
}
