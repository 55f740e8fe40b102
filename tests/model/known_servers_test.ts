import assert from "node:assert/strict";
import { OndacastError } from "../../lib/errors.ts";
import {
  addServer,
  findServer,
  type KnownServer,
  listServers,
  removeServers,
} from "../../lib/model/known_servers.ts";

const PINNED = {
  by: "certificate",
  pinned: {
    fingerprint: Array(32).fill("5A").join(":"),
    name: "a.ondacast.invalid",
    certificate: "MIIB+/==",
  },
} as const satisfies KnownServer;
const AUTHORITY: KnownServer = { by: "authority" };

Deno.test("findServer() finds what addServer() added, in any case", () => {
  const first = addServer("", "Pi.local:4040", PINNED);
  const both = addServer(first, "[::1]:4040", AUTHORITY);
  assert.deepEqual(findServer(both, "pi.LOCAL:4040"), {
    known: PINNED,
    line: 2,
  });
  assert.deepEqual(findServer(both, "[::1]:4040"), {
    known: AUTHORITY,
    line: 3,
  });
  assert.equal(findServer(both, "pi.local:4041"), null);
});

Deno.test("addServer() replaces a server, and keeps all other lines", () => {
  const text = "# mine\nold:1 authority\nodd words by hand\n";
  const added = addServer(text, "OLD:1", PINNED);
  assert.match(added, /^# mine\nodd words by hand\nold:1 5A:/);
  assert.equal(
    addServer(added, "old:1", AUTHORITY),
    [
      ...["# mine", "odd words by hand", "old:1 authority", ""],
    ].join("\n"),
  );
});

Deno.test("findServer() returns null for comments and empty texts", () => {
  for (const text of ["", "\n", "# pi:1 authority\n", "  \n"]) {
    assert.equal(findServer(text, "pi:1"), null);
  }
});

for (
  const line of [
    ...["pi:1", "pi:1 authority more", "pi:1 5A:5A a.invalid MIIB"],
    `pi:1 ${Array(32).fill("5A").join(":")}`,
    `pi:1 ${Array(32).fill("5A").join(":")} a.invalid`,
    `pi:1 ${Array(32).fill("5A").join(":")} a.invalid M!IB`,
    `pi:1 ${Array(32).fill("5A").join(":")} a.invalid MIIB more`,
  ]
) {
  Deno.test(`findServer() refuses the broken line ${JSON.stringify(line)}`, () => {
    assert.throws(
      () => findServer(`# a\r\n${line}\n`, "pi:1"),
      (error) =>
        error instanceof OndacastError && error.code === "bad-certificate" &&
        /line 2/.test(error.message),
    );
  });
}

Deno.test("listServers() lists whole lines, and removeServers() removes broken ones as well", () => {
  const broken = "old:2 5A:5A a.invalid MIIB\n";
  const text = addServer(addServer(broken, "pi:1", PINNED), "b:2", AUTHORITY);
  assert.deepEqual(listServers(text), [
    { place: "pi:1", fingerprint: PINNED.pinned.fingerprint },
    { place: "b:2", fingerprint: null },
  ]);
  const { text: left, removed } = removeServers(text, ["OLD:2", "PI:1", "c:3"]);
  assert.deepEqual(removed, ["old:2", "pi:1"]);
  assert.equal(left, "b:2 authority\n");
});
