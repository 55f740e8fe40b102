/**
 * Icons for buttons. They have no text: the button has the label.
 *
 * @module
 */

import type { JSX } from "preact";

const PATHS = {
  add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  album:
    "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  artist: "M12 3a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM3 21c0-4 4-6 9-6s9 2 9 6z",
  back: "M14.500 5 16 6.400 10.400 12l5.600 5.600-1.500 1.400-7-7z",
  browser:
    "M3 4h18a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1h-7v2h3v2H7v-2h3v-2H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm1 2v10h16V6z",
  check: "M9.500 17.500 4 12l1.500-1.500 4 4 9-9L20 7z",
  close:
    "M6.400 5 5 6.400l5.600 5.600L5 17.600 6.400 19l5.600-5.600 5.600 5.600 1.400-1.400-5.600-5.600L19 6.400 17.600 5 12 10.600z",
  device:
    "M7 3h10a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm5 3a1.500 1.500 0 1 0 0 3 1.500 1.500 0 0 0 0-3zm0 5a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  down: "M6.400 9 12 14.600 17.600 9 19 10.400l-7 7-7-7z",
  folder: "M3 5h7l2 2h9v12H3z",
  home: "M12 3 3 11v10h6v-6h6v6h6V11z",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm-1 4h2v2h-2zm0 4h2v6h-2z",
  list: "M3 6h12v2H3zm0 5h12v2H3zm0 5h8v2H3zm14-5 5 3.500-5 3.500z",
  lock:
    "M7 10V8a5 5 0 0 1 10 0v2h1a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zm2 0h6V8a3 3 0 0 0-6 0z",
  more:
    "M12 5a1.800 1.800 0 1 0 0 3.600A1.800 1.800 0 0 0 12 5zm0 5.200a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600zm0 5.200a1.800 1.800 0 1 0 0 3.600 1.800 1.800 0 0 0 0-3.600z",
  mute:
    "M4 9v6h4l5 4V5L8 9zm11.300.700 1.400-1.400 2.100 2.100 2.100-2.100 1.400 1.400-2.100 2.100 2.100 2.100-1.400 1.400-2.100-2.100-2.100 2.100-1.400-1.400 2.100-2.100z",
  next: "M6 6v12l9-6zM16 6h2.500v12H16z",
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  play: "M8 5v14l11-7z",
  previous: "M18 6v12l-9-6zM5.500 6H8v12H5.500z",
  repeat:
    "M7 7h9V4.500L20 8l-4 3.500V9H8v4H6V8a1 1 0 0 1 1-1zm10 10H8v2.500L4 16l4-3.500V15h8v-4h2v5a1 1 0 0 1-1 1z",
  search:
    "M10 4a6 6 0 1 0 3.700 10.700l5 5 1.400-1.400-5-5A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z",
  shuffle:
    "M16 4l4 3.500L16 11V8.500h-2.200l-2 2.700-1.300-1.700L13 6.500h3zM4 6.500h4l7 9.500h1v-2.500l4 3.500-4 3.500V18h-2L7 8.500H4zm0 9.500h3l2-2.700 1.300 1.700L8 18H4z",
  song: "M9 4v11.200A3.500 3.500 0 1 0 11 18V8h8V4z",
  stop: "M6.500 6.500h11v11h-11z",
  upload:
    "M11 16V8.800l-3 3-1.400-1.400L12 5l5.400 5.400L16 11.800l-3-3V16zM5 18h14v2H5z",
  volume:
    "M4 9v6h4l5 4V5L8 9zm11.500-.500a5 5 0 0 1 0 7l1.200 1.200a6.700 6.700 0 0 0 0-9.400z",
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
