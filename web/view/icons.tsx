/**
 * Icons for buttons. They have no text: the button has the label.
 *
 * @module
 */

import type { JSX } from "preact";
import { deviceKind } from "../../lib/model/device_kind.ts";

const PATHS = {
  add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  album:
    "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  artist: "M12 3a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM3 21c0-4 4-6 9-6s9 2 9 6z",
  check: "M9.5 17.5 4 12l1.5-1.5 4 4 9-9L20 7z",
  close:
    "M6.4 5 5 6.4l5.6 5.6L5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6z",
  computer: "M4 4h16v12H4zm2 2v8h12V6zM1 17.5h22V20H1z",
  down: "M6.4 9 12 14.6 17.6 9 19 10.4l-7 7-7-7z",
  edit: "M4 16v4h4L19 9l-4-4z",
  folder: "M3 5h7l2 2h9v12H3z",
  home: "M12 3 3 11v10h6v-6h6v6h6V11z",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-1 4h2v2h-2zm0 4h2v6h-2z",
  list: "M3 6h12v2H3zm0 5h12v2H3zm0 5h8v2H3zm14-5 5 3.5-5 3.5z",
  lock:
    "M7 10V8a5 5 0 0 1 10 0v2h1a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zm2 0h6V8a3 3 0 0 0-6 0z",
  more:
    "M12 5a1.8 1.8 0 1 0 0 3.6A1.8 1.8 0 0 0 12 5zm0 5.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6zm0 5.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
  mute:
    "M4 9v6h4l5 4V5L8 9zm11.3.7 1.4-1.4 2.1 2.1 2.1-2.1 1.4 1.4-2.1 2.1 2.1 2.1-1.4 1.4-2.1-2.1-2.1 2.1-1.4-1.4 2.1-2.1z",
  next: "M6 6v12l9-6zM16 6h2.5v12H16z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  phone: "M6 2h12v20H6zm2 2v13h8V4zm3 14v2h2v-2z",
  play: "M8 5v14l11-7z",
  previous: "M18 6v12l-9-6zM5.5 6H8v12H5.5z",
  remove: "M6 8h12l-1 13H7zM9 4h6l1 2h4v1H4V6h4z",
  repeat:
    "M7 7h9V4.5L20 8l-4 3.5V9H8v4H6V8a1 1 0 0 1 1-1zm10 10H8v2.5L4 16l4-3.5V15h8v-4h2v5a1 1 0 0 1-1 1z",
  search:
    "M10 4a6 6 0 1 0 3.7 10.7l5 5 1.4-1.4-5-5A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  shuffle:
    "M16 4l4 3.5L16 11V8.5h-2.2l-2 2.7-1.3-1.7L13 6.5h3zM4 6.5h4l7 9.5h1v-2.5l4 3.5-4 3.5V18h-2L7 8.5H4zm0 9.5h3l2-2.7 1.3 1.7L8 18H4z",
  several:
    "M3 2h8v20H3zm4 2.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM7 11a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM13 2h8v20h-8zm4 2.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM17 11a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  song: "M9 4v11.2A3.5 3.5 0 1 0 11 18V8h8V4z",
  speaker:
    "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm5 3a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zm0 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  stop: "M6.5 6.5h11v11h-11z",
  tablet: "M3 3h18v18H3zm2 2v12h14V5zm6 13v2h2v-2z",
  tv: "M2 3h20v14H2zm2 2v10h16V5zm4 13.5h8V21H8z",
  volume:
    "M4 9v6h4l5 4V5L8 9zm11.5-.5a5 5 0 0 1 0 7l1.2 1.2a6.7 6.7 0 0 0 0-9.4z",
} as const;

export type IconName = keyof typeof PATHS;

/** The icon of a kind of device, which may be one of a later version. */
export function kindIcon(kind: string | undefined): IconName {
  return deviceKind(kind) ?? "speaker";
}

/** The icon of a room, or of several that play together. */
export function roomIcon(devices: readonly { kind?: string }[]): IconName {
  return devices.length > 1 ? "several" : kindIcon(devices[0]?.kind);
}

/** An icon in the colour and size of the text around it. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
