/**
 * The handshake: checks a client's token, and adds it to the clients online.
 *
 * @module
 */

import { peerHost } from "../model/address.ts";
import { deviceKind } from "../model/device_kind.ts";
import { deviceKey, resting } from "../model/presence.ts";
import { checkDeviceName } from "../model/song_name.ts";
import { commonFeatures, serverFeatures } from "../wire/features.ts";
import {
  type Answer,
  PROTOCOL_VERSION,
  type ToServer,
  WELCOME_ROWS,
} from "../wire/messages.ts";
import { COST, rowsCost } from "./cost.ts";
import type { Member } from "./member.ts";
import { SERVICES } from "./services.ts";
import { songRights } from "./upload_rights.ts";

/** Checks the token. @throws {OndacastError} `unauthorized`, `busy`. */
export async function authorize(
  { hub, channel, rateLimit }: Member,
  hello: ToServer<"hello">,
): Promise<void> {
  rateLimit.spend(COST.hello);
  // A server of the household proves itself before anything else is answered.
  if (hello.peer && hub.elsewhere) return;
  await hub.gate.check(hello.token, {
    ip: peerHost(channel.transport.peer),
    device: hello.device,
  });
}

/**
 * Adds the client to those online, replacing an older connection of its device.
 * This must be synchronous: once it is listed it can be cast to, and `welcome`
 * must be sent before.
 *
 * @throws {OndacastError} `bad-name`, `busy`.
 */
export function welcome(
  member: Member,
  hello: ToServer<"hello">,
): Answer<"hello"> {
  const { hub } = member;
  checkDeviceName(hello.name);
  const key = deviceKey(hello.device);
  hub.places.settle(member, hub.presence.get(key)?.link);
  member.features = commonFeatures(hello.features);
  member.credit.grant(hello.window);
  const receiving = hello.receive ?? false;
  const kind = deviceKind(hello.kind);
  const id = member.channel.transport.peer;
  const { elsewhere } = hub;
  const peer = hello.peer && elsewhere?.meet(member, hello.peer);
  member.join({
    key,
    id,
    name: hello.name,
    ...(kind && { kind }),
    receiving,
    activity: resting(receiving),
    activityAtMs: hub.clock.now(),
  }, peer !== undefined);
  const { rows, total } = peer
    ? { rows: [], total: 0 }
    : hub.online(undefined, WELCOME_ROWS);
  member.rateLimit.spend(rowsCost(rows.length));
  return {
    version: PROTOCOL_VERSION,
    you: id,
    key,
    server: hub.options.serverName,
    serverId: hub.options.serverId,
    clock: hub.clockName,
    features: serverFeatures(elsewhere !== null),
    services: SERVICES,
    online: rows,
    total,
    may: songRights(member),
    ...(peer ? { peer } : elsewhere?.others),
  };
}
