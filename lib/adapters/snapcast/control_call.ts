/**
 * What the methods of the control API have in common: who calls them, how their
 * parameters are checked, and how they control a device or a group.
 *
 * @module
 */

import * as v from "valibot";
import { OndacastError } from "../../errors.ts";
import type { Caller } from "../../server/caller.ts";
import { controlAll } from "../../server/cast.ts";
import type { Device } from "../../server/groups/device.ts";
import type { Group } from "../../server/groups/group.ts";
import type { Status } from "./status.ts";

/** What methods act on. */
export interface ControlWorld {
  readonly status: Status;
  /**
   * Names the device of a Snapcast client; an empty name is that of its host.
   *
   * @throws {OndacastError} `unsupported`, if it is another device.
   */
  rename(device: Device, name: string): void;
}

/** A call of a method. */
export interface Called {
  readonly world: ControlWorld;
  readonly caller: Caller;
}

/** What `control` of a session can do, and by which value. */
export type Action = Parameters<typeof controlAll>[1]["action"];
export type Value = Parameters<typeof controlAll>[1]["value"];

export function control(
  { caller }: Called,
  { key }: Device,
  action: Action,
  value: Value,
): Promise<unknown> {
  return controlAll(caller, { type: "control", to: [key], action, value });
}

export function controlGroup(
  { caller }: Called,
  group: Group,
  action: Action,
  value?: Value,
  relative?: boolean,
): Promise<unknown> {
  const to = [keyOf(group)];
  return controlAll(caller, {
    ...{ type: "control", to, action, value, relative, group: true },
  });
}

/** The key of a device that requests for a group name. */
export function keyOf({ present, devices }: Group): string {
  return (present[0] ?? devices[0]).key;
}

export function checked<T>(
  schema: v.GenericSchema<unknown, T>,
  value: unknown,
): T {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw badParams(v.getDotPath(issue) ?? "params", issue.message);
}

export function badParams(field: string, expected: string): OndacastError {
  return new OndacastError(
    "bad-message",
    `Invalid params: ${field}: ${expected}`,
  );
}
