import assert from "node:assert/strict";
import { fromFileUrl } from "@std/path";
// deno-lint-ignore no-import-prefix
import { parse } from "npm:deno-std@1.4.0/yaml/parse.js";

interface Service {
  image?: string;
  build?: unknown;
  pull_policy?: string;
  command?: string[];
  networks?: string[] | Record<string, unknown>;
  volumes?: string[];
  depends_on?: Record<string, unknown>;
}

interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, unknown>;
  networks?: Record<string, unknown>;
}

const read = async (name: string) =>
  await Deno.readTextFile(
    fromFileUrl(new URL(`../../packaging/container/${name}`, import.meta.url)),
  );
const cluster = parse(await read("cluster.yaml")) as Compose;
const more = parse(await read("cluster-three-nats.yaml")) as Compose;
const nats = await read("nats.conf");
const NODES = ["attic", "cellar", "shed"];

Deno.test("the services of the cluster name only volumes, networks and services that there are", () => {
  const all = { ...cluster.volumes, ...more.volumes };
  for (const [name, service] of Object.entries(cluster.services)) {
    assert.ok(service.image, name);
    for (const volume of service.volumes ?? []) {
      const [from] = volume.split(":");
      if (/^[a-z0-9-]+$/.test(from)) assert.ok(Object.hasOwn(all, from), from);
    }
    for (const network of Object.values(service.networks ?? [])) {
      assert.ok(Object.hasOwn(cluster.networks!, `${network}`), `${network}`);
    }
    for (const other of Object.keys(service.depends_on ?? {})) {
      assert.ok(Object.hasOwn(cluster.services, other), other);
    }
  }
});

Deno.test("each image of the cluster is built once, or pulled", () => {
  const services = Object.values(cluster.services);
  const built = services.filter(({ build }) => build).map((it) => it.image);
  assert.deepEqual(built, ["ondacast"]);
  for (const { image, build, pull_policy: pull } of services) {
    if (image === "ondacast") assert.equal(pull, build ? undefined : "never");
  }
});

for (const node of NODES) {
  Deno.test(`the server ${node} logs in to NATS as the user whose records it writes`, () => {
    const command = cluster.services[node].command!.join("\n");
    const name = node.toUpperCase();
    assert.ok(command.includes(`--node=${node}\n`));
    const url = `nats://${node}:\${${name}_PASSWORD:-${node}}@nats:4222`;
    assert.ok(command.includes(`--cluster=${url}\n`));
    const user = new RegExp(
      `user: ${node}\\s+password: \\$${name}_PASSWORD\\s+permissions: \\{[^}]*"\\$KV\\.ondacast_home\\.\\*\\.${node}\\.>"`,
    );
    assert.match(nats, user);
  });
}

Deno.test("three NATS servers are found by one name, and know each other by a password", () => {
  const known = "nats://routes:${ROUTES_PASSWORD:-routes}@";
  for (const [i, name] of ["nats", "nats-2", "nats-3"].entries()) {
    const { command, networks } = more.services[name];
    assert.deepEqual(networks, { bus: { aliases: ["nats", `nats-${i + 1}`] } });
    const routes = [1, 2, 3].map((n) => `${known}nats-${n}:6222`).join();
    assert.ok(command!.includes(`--routes=${routes}`));
    assert.ok(command!.includes(`--cluster=${known}0.0.0.0:6222`));
    assert.ok(command!.includes(`--server_name=nats-${i + 1}`));
  }
});
