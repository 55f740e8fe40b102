import assert from "node:assert/strict";
import { listen, listenError } from "../../../lib/io/net/listen.ts";

const { errors } = Deno;

const CASES: [port: number, cause: unknown, code: string, said: RegExp][] = [
  [80, new errors.AddrInUse("x"), "port-in-use", /another program/],
  [4040, new errors.AddrNotAvailable("x"), "cannot-listen", /no such address/],
  [80, new errors.PermissionDenied("x"), "cannot-listen", /below 1024 need/],
  [1023, new errors.PermissionDenied("x"), "cannot-listen", /below 1024 need/],
  [1024, new errors.PermissionDenied("x"), "cannot-listen", /not allow it/],
  [0, new errors.PermissionDenied("x"), "cannot-listen", /not allow it/],
  [80, new errors.NotCapable("x"), "cannot-listen", /--allow-net/],
  [4040, new URIError("x"), "usage", /no such address/],
  [
    4040,
    new Error("failed to lookup address"),
    "cannot-listen",
    /no such address/,
  ],
  [4040, new Error("something new"), "cannot-listen", /something new/],
  [4040, "no error", "cannot-listen", /no error/],
];

for (const [port, cause, code, said] of CASES) {
  Deno.test(`listenError() returns ${code} at port ${port} for ${cause}`, () => {
    const error = listenError("0.0.0.0", port, cause);
    assert.equal(error.code, code);
    assert.match(
      error.message,
      new RegExp(`^Cannot listen on 0.0.0.0:${port}: `),
    );
    assert.match(error.message, said);
    assert.equal(error.cause, cause);
  });
}

for (const host of ["203.0.113.9", "2001:db8::1", "not an address", ""]) {
  Deno.test(`listen() describes the problem with the address "${host}"`, () => {
    assert.throws(() => listen(host, 0), { message: /no such address/ });
  });
}
