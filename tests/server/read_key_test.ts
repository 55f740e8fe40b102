import assert from "node:assert/strict";
import { readKeyOf } from "../../lib/server/read_key.ts";

for (const token of ["secret", "", "\u{1f511}", "a".repeat(1000)]) {
  Deno.test(`readKeyOf() is half an HMAC for a token of ${token.length} units`, async () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    // Keys of no bytes are refused there; HMAC pads keys with zeros.
    const key = await crypto.subtle.importKey(
      "raw",
      token === "" ? new Uint8Array(1) : bytes(token),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const mac = await crypto.subtle.sign(
      "HMAC",
      key,
      bytes("ondacast read 1"),
    );
    const text = btoa(String.fromCharCode(...new Uint8Array(mac, 0, 16)));
    const expected = text.replaceAll("+", "-").replaceAll("/", "_")
      .replaceAll("=", "");
    assert.equal(readKeyOf(token), expected);
  });
}
