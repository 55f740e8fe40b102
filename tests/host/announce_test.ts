import assert from "node:assert/strict";
import {
  addressesOn,
  serverId,
  snapcastServices,
} from "../../lib/host/announce.ts";
import type { Link } from "../../lib/model/discovery/link.ts";
import { TempFolder } from "../support/programs.ts";

const LINK: Link = {
  ...{ key: "eth0", family: "IPv4", address: "10.9.1.1", zone: 3 },
  addresses: [
    { address: "10.9.1.1", prefix: 24 },
    { address: "fe80::1", prefix: 64 },
  ],
};

Deno.test("a server is announced where it listens", () => {
  const cases: [host: string, addresses: string[]][] = [
    ["0.0.0.0", ["10.9.1.1"]],
    ["::", ["10.9.1.1", "fe80::1"]],
    ["10.9.1.1", ["10.9.1.1"]],
    ["fe80::1", ["fe80::1"]],
    ["127.0.0.1", []],
    ["10.9.2.1", []],
  ];
  for (const [host, addresses] of cases) {
    assert.deepEqual(addressesOn(LINK, host), addresses, host);
  }
});

Deno.test("Snapcast's ports are announced as its own server does, where they are open", () => {
  const server = { serverName: "Kitchen", id: crypto.randomUUID() };
  assert.deepEqual(snapcastServices(server), []);
  const all = snapcastServices({
    ...{ ...server, snapcast: 1704, snapcastControl: 1705 },
  });
  assert.deepEqual(
    all.map(({ type, name, port }) => [type.join("."), name, port]),
    [
      ["_snapcast._tcp.local", "Kitchen", 1704],
      ["_snapcast-jsonrpc._tcp.local", "Kitchen", 1705],
    ],
  );
  const hosts = all.map(({ host }) => host);
  assert.equal(new Set(hosts).size, 2);
  // RFC 1035, section 2.3.4: the longest label.
  assert.ok(hosts.every((host) => host.length <= 63), `${hosts}`);
});

Deno.test("the id of a server is kept in its folder", async () => {
  await using folder = await TempFolder.make();
  const id = await serverId(folder.path);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.equal(await serverId(folder.path), id);
  await Deno.writeTextFile(folder.file("server_id"), "\u001b[2J");
  const another = await serverId(folder.path);
  assert.notEqual(another, id);
  assert.equal(await serverId(folder.path), another);
  assert.notEqual(await serverId(null), await serverId(null));
  assert.match(await serverId(folder.file("no/such")), /^[0-9a-f-]{36}$/);
});
