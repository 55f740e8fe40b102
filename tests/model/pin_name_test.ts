import assert from "node:assert/strict";
import { pinName } from "../../lib/model/pin_name.ts";

const CASES: [names: string[], host: string, name: string | null][] = [
  [["localhost", "x.ondacast.invalid"], "10.0.0.7", "x.ondacast.invalid"],
  [["example.org", "pi.local"], "example.org", "pi.local"],
  [["203.0.113.5", "192.168.1.5"], "pi", "192.168.1.5"],
  [["pi"], "192.168.1.5", "pi"],
  [["nas.home.arpa"], "pi", "nas.home.arpa"],
  [["fd00::1"], "pi", "fd00::1"],
  [["Example.org"], "example.ORG", "Example.org"],
  [["203.0.113.5"], "203.0.113.5", "203.0.113.5"],
  // A public authority can certify these names for other servers.
  [["example.org"], "pi.local", null],
  [["203.0.113.5"], "pi.local", null],
  [["2001:db8::1"], "pi.local", null],
  [["mylocal"], "x", "mylocal"],
  [["my.notlocal"], "x", null],
  [["ondacast.invalid.example.org"], "x", null],
  // A wildcard is no name to connect to.
  [["*.local"], "pi.local", null],
  [[], "pi.local", null],
];

for (const [names, host, name] of CASES) {
  Deno.test(`pinName() chooses ${name} of [${names}] for ${host}`, () => {
    assert.equal(pinName(names, host), name);
  });
}
