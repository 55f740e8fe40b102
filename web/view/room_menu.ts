/**
 * What can be done with a room, and with one of several that play together.
 *
 * @module
 */

import type { App } from "../model/app.ts";
import type { GroupDevice, GroupRow } from "../model/groups.ts";
import type { MenuItem } from "../model/overlays.ts";
import { TEXTS } from "../model/texts.ts";

export function roomMenu(app: App, row: GroupRow): MenuItem[] {
  const texts = TEXTS.rooms;
  const { group, devices } = row;
  const others = (app.groups.rows.peek() ?? [])
    .filter((other) => other.group !== group);
  const [only] = devices;
  return [
    {
      label: texts.choose,
      icon: "check",
      act: () => app.destination.choose(row),
    },
    {
      label: TEXTS.player.queue,
      icon: "list",
      act: () => {
        app.destination.choose(row);
        app.overlays.show({ kind: "playing" });
      },
    },
    {
      label: texts.open,
      icon: "speaker",
      act: () => app.places.go({ name: "rooms", what: group }),
    },
    ...devices.length > 1
      ? [{
        label: texts.split,
        icon: "close",
        // What plays goes on in the first one.
        act: () => void app.actions.ungroup(devices.slice(1)),
      }]
      : deviceSettings(app, only),
    ...others.length > 0 ? [{ label: texts.join }] : [],
    ...others.map((other) => ({
      label: "",
      name: other.name,
      icon: "add",
      act: () => void app.actions.group([...devices, ...other.devices]),
    })),
  ];
}

export function deviceMenu(
  app: App,
  { devices }: GroupRow,
  device: GroupDevice,
): MenuItem[] {
  return [
    ...deviceSettings(app, device),
    ...devices.length > 1
      ? [{
        label: TEXTS.rooms.leave,
        icon: "close",
        act: () => void app.actions.ungroup([device]),
      }]
      : [],
  ];
}

function deviceSettings(app: App, device: GroupDevice): MenuItem[] {
  const { muted, key } = device;
  const { mute, unmute } = TEXTS.player;
  return [
    {
      label: muted ? unmute : mute,
      icon: muted ? "volume" : "mute",
      act: () => void app.actions.mute(device, !muted),
    },
    {
      label: `${TEXTS.rooms.delay}: ${device.delay} ms`,
      icon: "info",
      act: () => app.overlays.show({ kind: "delay", device: key }),
    },
  ];
}
