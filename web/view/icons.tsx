/**
 * Icons for buttons. They have no text: the button has the label.
 *
 * @module
 */

import type { JSX } from "preact";

const PATHS = {
  play: "M8 5v14l11-7z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  next: "M6 6v12l9-6zM16 6h2.5v12H16z",
  previous: "M18 6v12l-9-6zM5.5 6H8v12H5.5z",
  stop: "M6.5 6.5h11v11h-11z",
  volume:
    "M4 9v6h4l5 4V5L8 9zm11.5-.5a5 5 0 0 1 0 7l1.2 1.2a6.7 6.7 0 0 0 0-9.4z",
  cast:
    "M3 17.5V20h2.5A2.5 2.5 0 0 0 3 17.500zM3 13v2a5 5 0 0 1 5 5h2a7 7 0 0 0-7-7zM3 8.500v2A9.500 9.500 0 0 1 12.500 20h2A11.500 11.500 0 0 0 3 8.500zM3 4v2.500h2V6h14v12h-2.500v2H21V4z",
  upload:
    "M11 16V8.800l-3 3-1.400-1.400L12 5l5.400 5.400L16 11.800l-3-3V16zM5 18h14v2H5z",
  search:
    "M10 4a6 6 0 1 0 3.700 10.700l5 5 1.400-1.400-5-5A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  close:
    "M6.400 5 5 6.400l5.600 5.600L5 17.600 6.400 19l5.600-5.600 5.600 5.600 1.400-1.400-5.600-5.600L19 6.400 17.600 5 12 10.600z",
  device:
    "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm5 3a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zm0 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
} as const;

export type IconName = keyof typeof PATHS;

/** An icon in the colour and size of the text around it. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
