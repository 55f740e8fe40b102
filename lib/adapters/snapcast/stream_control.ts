/**
 * What `Stream.Control` and `Stream.SetProperty` of the control API do to the queue
 * of a group.
 *
 * @module
 */

import * as v from "valibot";
import type { Group } from "../../server/groups/group.ts";
import { finite, numberFrom } from "../../wire/fields.ts";
import {
  type Action,
  badParams,
  type Called,
  checked,
  controlGroup,
} from "./control_call.ts";
import { LOOP_STATUS } from "./status.ts";

const flag = v.boolean();

/** Acts on what a group plays; the value was not checked. */
type Act = (called: Called, group: Group, value: unknown) => Promise<unknown>;

/** An action without a value. */
const plain = (action: Action): Act => (called, group) =>
  controlGroup(called, group, action);

/** The commands of `Stream.Control`. */
export const COMMANDS: Readonly<Record<string, Act>> = {
  play: plain("resume"),
  pause: plain("pause"),
  playPause: (called, group) => {
    const action = group.playback.state === "playing" ? "pause" : "resume";
    return controlGroup(called, group, action);
  },
  stop: plain("stop"),
  next: plain("next"),
  previous: plain("previous"),
  seek: (called, group, params) => {
    const { offset } = checked(v.object({ offset: finite }), params);
    return controlGroup(called, group, "seek", offset, true);
  },
  setPosition: (called, group, params) => {
    const { position } = checked(v.object({ position: finite }), params);
    return controlGroup(called, group, "seek", position);
  },
};

/** The properties of `Stream.SetProperty`. */
export const PROPERTIES: Readonly<Record<string, Act>> = {
  loopStatus: (called, group, value) => {
    const found = Object.entries(LOOP_STATUS).find(([, it]) => it === value);
    if (!found) {
      throw badParams("value", `one of ${Object.values(LOOP_STATUS)}`);
    }
    return controlGroup(called, group, "repeat", found[0] as "off");
  },
  shuffle: (called, group, value) =>
    controlGroup(called, group, "shuffle", checked(flag, value)),
  volume: (called, group, value) =>
    controlGroup(called, group, "volume", checked(numberFrom(0, 100), value)),
  mute: (called, group, value) =>
    controlGroup(called, group, "mute", checked(flag, value)),
};
