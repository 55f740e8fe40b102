import assert from "node:assert/strict";
import {
  formatHostPort,
  isHomeAddress,
  isLoopback,
  parseAddress,
} from "../../lib/model/address.ts";

Deno.test("parseAddress() reads hosts, ports and IPv6 addresses", () => {
  const table: [text: string, host: string, port: number][] = [
    ["pi", "pi", 4040],
    ["pi:7", "pi", 7],
    ["192.0.2.7", "192.0.2.7", 4040],
    ["192.0.2.7:65535", "192.0.2.7", 65535],
    ["studio.local:1", "studio.local", 1],
    ["[::1]", "::1", 4040],
    ["[::1]:7", "::1", 7],
    ["[fe80::1%eth0]:7", "fe80::1%eth0", 7],
    ["::1", "::1", 4040],
    ["::", "::", 4040],
    ["fe80::1%eth0", "fe80::1%eth0", 4040],
    ["2001:db8:0:0:0:0:0:1", "2001:db8:0:0:0:0:0:1", 4040],
    ["::ffff:192.0.2.7", "::ffff:192.0.2.7", 4040],
  ];
  for (const [text, host, port] of table) {
    assert.deepEqual(parseAddress(text, 4040), { host, port }, text);
    const formatted = formatHostPort(host, port);
    assert.deepEqual(parseAddress(formatted, 1), { host, port }, formatted);
  }
  assert.equal(formatHostPort("::1", 7), "[::1]:7");
});

Deno.test("parseAddress() throws usage when the text is not an address", () => {
  const texts = [
    "",
    ":7",
    "pi:",
    "pi:0",
    "pi:65536",
    "pi:x",
    "pi:-1",
    "pi:7:8",
    "1:2:3",
    "my pi",
    "[::1",
    "[]:7",
    "[::1]7",
    "[::1]:0",
    "1:2:3:4:5:6:7:8:9",
  ];
  for (const text of texts) {
    assert.throws(() => parseAddress(text, 4040), { code: "usage" }, text);
  }
});

Deno.test("isHomeAddress() is true only of loopback, private and link-local addresses", () => {
  const table: [ip: string, home: boolean][] = [
    ["127.0.0.1", true],
    ["127.255.0.9", true],
    ["10.0.0.1", true],
    ["192.168.1.2", true],
    ["169.254.1.2", true],
    ["172.16.0.1", true],
    ["172.31.255.255", true],
    ["::1", true],
    ["fe80::1", true],
    ["febf::1", true],
    ["fd12:3456::1", true],
    ["FC00::1", true],
    ["fe80::1%eth0", true],
    ["172.15.0.1", false],
    ["172.32.0.1", false],
    ["11.0.0.1", false],
    ["192.169.0.1", false],
    ["1.127.0.1", false],
    ["8.8.8.8", false],
    ["::", false],
    ["::2", false],
    ["::10", false],
    ["2001:db8::1", false],
    ["fec0::1", false],
    ["ff02::1", false],
    ["fc::1", false],
    ["fe8::1", false],
  ];
  for (const [ip, home] of table) assert.equal(isHomeAddress(ip), home, ip);
});

Deno.test("isLoopback() is true only of loopback addresses", () => {
  const table: [ip: string, own: boolean][] = [
    ["127.0.0.1", true],
    ["127.0.0.2", true],
    ["::1", true],
    ["10.0.0.1", false],
    ["128.0.0.1", false],
    ["::2", false],
    ["12.7.0.1", false],
  ];
  for (const [ip, own] of table) assert.equal(isLoopback(ip), own, ip);
});
