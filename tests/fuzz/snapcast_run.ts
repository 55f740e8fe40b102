/**
 * Bytes of Snapcast's clients and apps, changed. Whatever comes, the connection
 * lives or ends by a rule of the protocol, and others are served.
 *
 * @module
 */

import assert from "node:assert/strict";
import { transportPair } from "../support/memory_transport.ts";
import { concat } from "../support/raw_peer.ts";
import { ControlWorld } from "../support/snapcast_app.ts";
import { TYPE } from "../support/snapcast_world.ts";

const encoder = new TextEncoder();

/** What clients send, as it should be. */
export const ROOM_BYTES: Uint8Array[] = [
  [hello({ ID: "kitchen", HostName: "the kitchen", Instance: 2 }), time()],
  [hello({ ID: "x", MAC: "00:11:22:33:44:55", Version: "0.26.0" })],
  [hello({ ID: "y" }), info({ volume: 40, muted: true }), time(), time()],
].map((messages) => concat(messages));

/** What apps send, as it should be: a request of each kind. */
export const APP_LINES: Uint8Array[] = [
  request("Server.GetStatus"),
  request("Client.SetVolume", { id: "bath", volume: { percent: 20 } }),
  request("Client.SetLatency", { id: "bath", latency: -30 }),
  request("Client.SetName", { id: "bath", name: "tub" }),
  request("Group.SetClients", { id: "bath", clients: ["bath"] }),
  request("Stream.Control", { id: "bath", command: "seek", params: {} }),
  `[${request("Server.GetRPCVersion")},${request("Client.GetStatus")}]`,
].map((line) => encoder.encode(`${line}\r\n`));

/** The reasons by which the connection of a client ends. */
const ENDS = [
  ...[/^it has left$/, /^Cannot read (a message of|JSON: expected)/],
  ...[/hello/, /id of 1 to 256/, /its id is connected$/],
];

/** Sends bytes as a client. @throws {Error} If a property fails. */
export async function runRoom(bytes: Uint8Array): Promise<void> {
  using world = new ControlWorld();
  const bystander = await world.welcomed("bath");
  const { client, server } = transportPair(world.server.clock);
  const ended = world.port.serve(server);
  await client.write(bytes);
  await world.pass(20);
  client.close();
  await world.pass(20);
  const { reason } = await ended;
  assert.ok(ENDS.some((it) => it.test(reason)), reason);
  assert.equal(world.online.length, 1);
  await bystander.send(TYPE.time, new Uint8Array(8));
  await world.server.clock.advance(0);
  assert.equal(bystander.of(TYPE.time).length, 1);
}

/** Sends bytes as an app. @throws {Error} If a property fails. */
export async function runApp(bytes: Uint8Array): Promise<void> {
  using world = new ControlWorld();
  await world.welcomed("bath");
  const bystander = world.app();
  const { client, server } = transportPair(world.server.clock);
  const ended = world.control.serve(server);
  const said = textOf(client);
  await client.write(bytes);
  await world.settle();
  const major = (await bystander.call("Server.GetRPCVersion")).major;
  assert.equal(major, 2);
  client.close();
  await world.notify();
  await ended;
  for (const line of (await said).split("\r\n")) {
    if (line === "") continue;
    const answers = [JSON.parse(line)].flat();
    for (const { error } of answers) assert.notEqual(error?.code, -32603);
  }
}

async function textOf(
  client: ReturnType<typeof transportPair>["client"],
): Promise<string> {
  const decoder = new TextDecoder();
  const into = new Uint8Array(65_536);
  let text = "";
  while (true) {
    const bytes = await client.read(into);
    if (bytes === null) return text;
    text += decoder.decode(into.subarray(0, bytes), { stream: true });
  }
}

function request(method: string, params?: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
}

function hello(fields: Record<string, unknown>): Uint8Array {
  return message(TYPE.hello, jsonOf(fields));
}

function info(fields: Record<string, unknown>): Uint8Array {
  return message(TYPE.info, jsonOf(fields));
}

function time(): Uint8Array {
  return message(TYPE.time, new Uint8Array(8));
}

function jsonOf(fields: Record<string, unknown>): Uint8Array {
  const text = encoder.encode(JSON.stringify(fields));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return concat([length, text]);
}

function message(type: number, payload: Uint8Array): Uint8Array {
  const head = new Uint8Array(26);
  const view = new DataView(head.buffer);
  view.setUint16(0, type, true);
  view.setUint32(22, payload.length, true);
  return concat([head, payload]);
}
