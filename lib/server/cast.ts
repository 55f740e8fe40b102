/**
 * Casting and control: one client acts on the devices of others. Only clients that
 * receive can be reached; receiving is the consent.
 *
 * @module
 */

import { OndacastError, toOndacastError } from "../errors.ts";
import type { ToServer } from "../wire/messages.ts";
import { isDeviceAction } from "../wire/group_messages.ts";
import type { Caller } from "./caller.ts";
import { COST, rowsCost } from "./cost.ts";
import type { Device } from "./groups/device.ts";
import type { Group } from "./groups/group.ts";
import {
  beginsStreams,
  checkControl,
  controlDevice,
  controlDevices,
  controlGroup,
  isOfDevices,
} from "./groups/control_group.ts";
import { findDevices } from "./groups/targets.ts";

/** A failure for one of several devices or songs. */
export interface Refusal {
  to: string;
  code: string;
  message: string;
}

/** The keys of the devices that were reached, and the refusals of the others. */
export interface Reached {
  to: string[];
  refused: Refusal[];
}

/** What a device takes of a turn, to find it and to act on it. */
const FIND_STEPS = 4;
const ACT_STEPS = 32;

/** The devices that a client names, each once, and the refusals of the others. */
export async function devicesOf(
  caller: Caller,
  wanted: readonly string[],
): Promise<{ devices: Device[]; refused: Refusal[] }> {
  const { hub, rateLimit } = caller;
  rateLimit.spend(rowsCost(wanted.length));
  const devices = new Set<Device>();
  const refused: Refusal[] = [];
  for (const to of new Set(wanted)) {
    const turn = hub.turns.next(FIND_STEPS, "request");
    if (turn) await turn;
    try {
      const found = findDevices(hub.groups, hub.presence, to);
      for (const device of found) devices.add(device);
    } catch (thrown) {
      refused.push(refusal(to, thrown));
    }
  }
  const here = [...devices].filter((device) => isHere(caller, device, refused));
  return { devices: here, refused };
}

/** Acts on one device after the other, which may fail, so that many hold nobody up. */
export async function eachDevice(
  caller: Caller,
  devices: Iterable<Device>,
  refused: Refusal[],
  act: (device: Device) => void,
): Promise<void> {
  for (const device of devices) {
    const turn = caller.hub.turns.next(ACT_STEPS, "request");
    if (turn) await turn;
    if (!isHere(caller, device, refused)) continue;
    try {
      act(device);
    } catch (thrown) {
      refused.push(refusal(device.name, thrown));
    }
  }
}

/** Whether a device is still known; it may have left while others had a turn. */
function isHere(
  { hub: { groups } }: Caller,
  device: Device,
  refused: Refusal[],
): boolean {
  if (groups.devices.get(device.key) === device) return true;
  refused.push(refusal(device.name, gone(device)));
  return false;
}

export function gone({ name }: Device): OndacastError {
  return new OndacastError("not-found", `Cannot reach ${name}: it has left`);
}

/** @throws {OndacastError} The code of the first refusal, if nothing was reached. */
export function checkReached(
  reached: number,
  refused: readonly Refusal[],
): void {
  if (reached > 0) return;
  const [{ code }] = refused;
  // All devices of a group are refused for the same reason.
  const messages = new Set(refused.map(({ message }) => message));
  throw new OndacastError(code as "not-found", [...messages].join("; "));
}

export function refusal(to: string, thrown: unknown): Refusal {
  const { code, message } = toOndacastError(thrown);
  return { to, code, message };
}

/**
 * Checks that a client may command a device.
 *
 * @throws {OndacastError} `read-only`.
 */
export function checkMayCommand(caller: Caller, device: Device): void {
  const { hub, isLocal, isTrusted } = caller;
  const { control, token } = hub.options;
  const mayAll = isLocal || isTrusted || token !== null;
  if (control !== "own" || mayAll) return;
  const { devices } = hub.groups.group(device);
  if (caller.device && devices.includes(caller.device)) return;
  throw new OndacastError(
    "read-only",
    `Cannot control ${device.name}: the server was started with --control own`,
  );
}

/** Does a control to each group, or each device, that is meant. */
export async function controlAll(
  caller: Caller,
  message: ToServer<"control">,
): Promise<Reached> {
  const { action, value, relative, entry } = message;
  const { hub, rateLimit } = caller;
  const isOld = !caller.isInStep;
  if (isOld && !isDeviceAction(action)) {
    throw new OndacastError(
      "bad-message",
      `Cannot accept control: field action: a receiver does not know ${action}`,
    );
  }
  const control = { action, value, relative, by: caller.key };
  checkControl(control);
  const words = typeof message.to === "string" ? [message.to] : message.to;
  const { devices, refused } = await devicesOf(caller, words);
  const to: string[] = [];
  const done = new Map<Group, () => void>();
  await eachDevice(caller, devices, refused, (device) => {
    checkMayCommand(caller, device);
    const isOfDevice = isOfDevices(action) && !message.group;
    if (isOld && !isOfDevice) hub.groups.leave(device);
    const group = hub.groups.group(device);
    group.playback.advance();
    // The first device of a group has left the entry for all of them.
    if (entry !== undefined && !done.has(group)) group.queue.expect(entry);
    if (isOfDevice) {
      controlDevice(device, control);
      hub.groups.keepSettings(group);
    } else {
      once(done, group, () => {
        if (beginsStreams(action)) {
          rateLimit.spend(COST.stream * group.devices.length);
        }
        if (isOfDevices(action)) {
          controlDevices(group, control);
          hub.groups.keepSettings(group);
        } else {
          if (!passOn(device, group, control, isOld)) {
            controlGroup(group, control);
          }
          hub.groups.changed(group);
        }
      });
    }
    to.push(device.key);
  });
  checkReached(to.length, refused);
  return { to, refused };
}

/** Acts on a group the first time; what that throws is thrown each time. */
function once(
  done: Map<Group, () => void>,
  group: Group,
  act: () => void,
): void {
  const again = done.get(group);
  if (again) return again();
  done.set(group, () => {});
  try {
    act();
  } catch (thrown) {
    done.set(group, () => {
      throw thrown;
    });
    throw thrown;
  }
}

/**
 * Passes a control on to a device that plays something of its own, or nothing.
 *
 * @returns False if that is for its group.
 */
function passOn(
  { link }: Device,
  group: Group,
  { action, value, by }: { action: string; value?: unknown; by?: string },
  isOld: boolean,
): boolean {
  // In the first version, what was stopped does not come back.
  const canResume = !isOld && group.queue.entries.length > 0;
  const isForGroup = group.isSeveral || group.playback.state !== "stopped" ||
    !["pause", "resume", "stop", "seek"].includes(action) ||
    (action !== "stop" && canResume);
  if (isForGroup || !link || !isDeviceAction(action)) return false;
  link.control({ action, value: value as number | undefined, by });
  return true;
}
