/**
 * What controls do to a group and to its devices.
 *
 * @module
 */

import { OndacastError } from "../../errors.ts";
import type { Device } from "./device.ts";
import type { Group } from "./group.ts";

/** A control of a group or a device, as a client sends it. */
export interface GroupControl {
  action: string;
  value?: number | boolean | string;
  /** Whether the value is added to what there is. */
  relative?: boolean;
  by?: string;
}

/** A control whose value is of the type that the action has. */
type Act<T> = (group: Group, value: T, control: GroupControl) => void;

/** A value that an action takes; throws what it expects instead. */
interface ActionRow<T> {
  /** What its value must be; none: it has none. */
  expected?: string;
  is?(value: unknown, isRelative: boolean): value is T;
  act: Act<T>;
}

function row<T>(row: ActionRow<T>): ActionRow<T> {
  return row;
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

/** What acts on a whole group. */
const GROUP_ACTIONS = {
  pause: row<void>({ act: ({ playback }) => playback.pause() }),
  resume: row<void>({ act: ({ playback }) => void playback.resume() }),
  stop: row<void>({ act: ({ playback }) => playback.stop() }),
  next: row<void>({ act: (group) => group.skip(group.queue.leave("skip")) }),
  previous: row<void>({
    act: (group) => group.skip(group.queue.previous(group.seconds)),
  }),
  seek: row<number>({
    expected: "a number from 0 on",
    is: (value, isRelative): value is number =>
      isNumber(value) && (isRelative || value >= 0),
    act: (group, value, { relative }) =>
      group.seek(Math.max(0, relative ? group.seconds + value : value)),
  }),
  jump: row<number>({
    expected: "the number of an entry",
    is: (value): value is number =>
      isNumber(value) && Number.isSafeInteger(value) && value >= 0,
    act: (group, value) => group.jump(value),
  }),
  repeat: row<"off" | "all" | "one">({
    expected: "off, all or one",
    is: (value): value is "off" | "all" | "one" =>
      value === "off" || value === "all" || value === "one",
    act: (group, value) => group.change((queue) => void (queue.repeat = value)),
  }),
  shuffle: row<boolean>({
    expected: "true or false",
    is: isFlag,
    act: (group, value) => group.shuffle(value),
  }),
} as const;

/** What acts on single devices. */
const DEVICE_ACTIONS = {
  volume: {
    expected: "a number from 0 to 100",
    is: (value: unknown, isRelative: boolean): value is number =>
      isNumber(value) && (isRelative || value >= 0) && value <= 100,
    set: (device: Device, value: number) => device.volume = value,
  },
  mute: {
    expected: "true or false",
    is: isFlag,
    set: (device: Device, value: boolean) => device.muted = value,
  },
  delay: {
    expected: "a number from -2000 to 2000",
    is: (value: unknown): value is number =>
      isNumber(value) && Math.abs(value) <= 2000,
    set: (device: Device, value: number) => device.delayMs = value,
  },
} as const;

type GroupAction = keyof typeof GROUP_ACTIONS;
type DeviceAction = keyof typeof DEVICE_ACTIONS;

/** Whether an action begins a stream for each device. */
export function beginsStreams(action: string): boolean {
  return ["resume", "next", "previous", "seek", "jump"].includes(action);
}

/** Whether an action is of devices, such as `volume`. */
export function isOfDevices(action: string): action is DeviceAction {
  return Object.hasOwn(DEVICE_ACTIONS, action);
}

/**
 * Checks the value of a control.
 *
 * @throws {OndacastError} `bad-message`.
 */
export function checkControl(control: GroupControl): void {
  const { action, value, relative = false } = control;
  const rows = { ...GROUP_ACTIONS, ...DEVICE_ACTIONS };
  const { expected, is } = rows[action as GroupAction] as ActionRow<unknown>;
  if (!is || is(value, relative)) return;
  throw new OndacastError(
    "bad-message",
    `Cannot accept control: field value of ${action}: expected ${expected}`,
  );
}

/** Acts on a group. The control was checked. */
export function controlGroup(group: Group, control: GroupControl): void {
  const { act } = GROUP_ACTIONS[control.action as GroupAction];
  (act as Act<unknown>)(group, control.value, control);
}

/** Acts on a device. The control was checked. */
export function controlDevice(device: Device, control: GroupControl): void {
  const { action, relative, by } = control;
  const value = action === "volume" && relative
    ? within(device.volume + (control.value as number))
    : control.value as number | boolean;
  const { set } = DEVICE_ACTIONS[action as DeviceAction];
  (set as (device: Device, value: unknown) => void)(device, value);
  sendSetting(device, action as DeviceAction, value, by);
}

/** Acts on all devices of a group. The control was checked. */
export function controlDevices(group: Group, control: GroupControl): void {
  const { action, value, relative, by } = control;
  if (action !== "volume") {
    for (const device of group.devices) controlDevice(device, control);
    return;
  }
  const before = relative ? group.volume.percent : 0;
  const volumes = group.volume.scaledTo(within(before + (value as number)));
  for (const [i, device] of group.devices.entries()) {
    controlDevice(device, { action, value: volumes[i], by });
  }
}

/** Sends a setting to a device, once that is here. */
export function sendSetting(
  device: Device,
  action: DeviceAction,
  value: number | boolean,
  by?: string,
): void {
  const { link, muted, volume } = device;
  if (!link) return void device.setAway.add(action);
  if (link.isInStep && action !== "volume") {
    return link.control({ action, value, by });
  }
  // The first version knows a volume alone.
  if (action === "delay") return;
  const isSilent = muted && !link.isInStep;
  link.control(
    { action: "volume", value: isSilent ? 0 : volume, by },
    device.awaitVolume(),
  );
}

function within(volume: number): number {
  return Math.min(100, Math.max(0, volume));
}
