import assert from "node:assert/strict";
import { fromPem, toPem } from "../../../lib/io/tls/certificate.ts";
import { assertBytes } from "../../support/assert_bytes.ts";
import { noise } from "../../support/memory_songs.ts";

Deno.test("fromPem() returns the bytes that toPem() encoded, for any length", () => {
  for (const length of [1, 47, 48, 49, 1000, 500_000]) {
    const der = noise(length);
    assertBytes(fromPem(toPem(der)), der);
  }
});

Deno.test("toPem() encodes in lines of 64 characters (RFC 7468, section 2)", () => {
  const [, first, second] = toPem(new Uint8Array(50)).split("\n");
  assert.deepEqual([first, second], ["A".repeat(64), "AAA="]);
});

Deno.test("fromPem() throws for a text without a certificate", () => {
  assert.throws(() => fromPem("no certificate"), TypeError);
  assert.throws(
    () =>
      fromPem("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"),
    SyntaxError,
  );
});
