import assert from "node:assert/strict";
import {
  isOwnHost,
  isOwnOrigin,
  isPassedOn,
  machineNames,
} from "../../lib/model/web_origin.ts";

const NAMES = [
  "Attic",
  "attic.fritz.box",
  "music.example.org",
  "radio.example:443",
];

for (
  const host of [
    "127.0.0.1",
    "127.0.0.1:4042",
    "192.168.1.5:80",
    "[::1]",
    "[::1]:4042",
    "[fe80::1:2]:4042",
    "[::ffff:192.168.1.5]:4042",
    "localhost",
    "LOCALHOST:4042",
    "localhost.:4042",
    "pi.local",
    "Pi.Local.:4042",
    "living.room.local:4042",
    "attic",
    "ATTIC.:4042",
    "Attic.fritz.box:4042",
    "radio.example:4042",
    "other-machine",
    "my_pi:4042",
    "local",
    "2130706433",
    "pi.lan",
    "PI.LAN.:4042",
    "pi.internal",
    "a.b.internal",
    "pi.home.arpa:4042",
    "music.example.org:443",
  ]
) {
  Deno.test(`isOwnHost() accepts ${host}`, () => {
    assert.equal(isOwnHost(host, NAMES), true);
  });
}

for (
  const host of [
    "",
    ":4042",
    "rebind.example",
    "127.0.0.1.example.org",
    "127.0.0.1.nip.io:4042",
    "256.0.0.1",
    "1.2.3",
    "127.1",
    "0x7f.0.0.1",
    "localhost.example.org",
    ".local",
    "..local",
    "a..lan",
    ".lan",
    "home.arpa",
    ".home.arpa",
    "evilhome.arpa",
    "pi.lan.example.org",
    "pi.notlan",
    "other.fritz.box",
    "fritz.box",
    "[:::1]",
    "[1.2.3.4]",
    "[::1].example.org",
    "pi.local, attic",
    "pi.lan\u0000",
    "p\u00fc.lan",
    "pi.local.example.org",
    "attic.example.org",
    "example.org",
    "user@127.0.0.1",
    "127.0.0.1@rebind.example",
    "127.0.0.1/rebind.example",
    "127.0.0.1:4042:4042",
    "127.0.0.1:port",
    "localhost rebind.example",
    "localhost..",
    "[::1",
    "[rebind.example]",
    "::1",
  ]
) {
  Deno.test(`isOwnHost() refuses ${JSON.stringify(host)}`, () => {
    assert.equal(isOwnHost(host, NAMES), false);
  });
}

const ORIGINS: [origin: string, host: string, own: boolean][] = [
  ["http://127.0.0.1:4042", "127.0.0.1:4042", true],
  ["https://127.0.0.1:4042", "127.0.0.1:4042", true],
  ["http://[::1]:4042", "[::1]:4042", true],
  ["http://pi.local:4042", "PI.local:4042", true],
  ["http://pi.local", "pi.local", true],
  ["http://pi.local", "pi.local:80", true],
  ["https://pi.local", "pi.local:443", true],
  ["https://pi.local", "pi.local:80", false],
  ["http://pi.local:4041", "pi.local:4042", false],
  ["http://pi.local", "pi.local:4042", false],
  ["http://localhost:4042", "127.0.0.1:4042", false],
  ["http://evil.example:4042", "pi.local:4042", false],
  ["http://pi.local:4042.evil.example", "pi.local:4042", false],
  ["http://pi.local:4042@evil.example", "pi.local:4042", false],
  ["http://evil.example/pi.local:4042", "pi.local:4042", false],
  ["file://pi.local:4042", "pi.local:4042", false],
  ["chrome-extension://pi.local:4042", "pi.local:4042", false],
  ["pi.local:4042", "pi.local:4042", false],
  ["http://pi.local:4042, http://pi.local:4042", "pi.local:4042", false],
  ["null", "null", false],
  ["null", "pi.local:4042", false],
  ["", "pi.local:4042", false],
];

for (const [origin, host, own] of ORIGINS) {
  Deno.test(`isOwnOrigin() ${own ? "accepts" : "refuses"} ${JSON.stringify(origin)} at ${host}`, () => {
    assert.equal(isOwnOrigin(origin, host), own);
  });
}

Deno.test("machineNames() returns the name alone and in each search domain", () => {
  const conf = `# made by the router
nameserver 192.168.1.1
domain old.example
search fritz.box\thome.example .
options ndots:1
`;
  assert.deepEqual(machineNames("attic", conf), [
    "attic",
    "attic.fritz.box",
    "attic.home.example",
  ]);
  assert.deepEqual(machineNames("attic.example.org", "domain example.org"), [
    "attic.example.org",
    "attic",
  ]);
  assert.deepEqual(machineNames("attic", ""), ["attic"]);
});

for (const field of ["forwarded", "x-forwarded-for", "x-real-ip", "via"]) {
  Deno.test(`isPassedOn() is true with ${field}, even empty`, () => {
    assert.equal(isPassedOn(new Map([["host", "a"], [field, ""]])), true);
  });
}

Deno.test("isPassedOn() is false without the header fields of proxies", () => {
  assert.equal(isPassedOn(new Map([["host", "a"], ["origin", "b"]])), false);
});
