/**
 * A finger that rests on something, as others press the right button of a mouse.
 *
 * @module
 */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";

/** Before browsers begin to drag, and after any tap. */
const LONG_MS = 400;

type Handlers = Pick<
  JSX.HTMLAttributes<HTMLElement>,
  "onPointerDown" | "onPointerUp" | "onPointerMove" | "onPointerCancel"
>;

/** What an element needs to notice a long press. */
export function useLongPress(pressed: (event: PointerEvent) => void): Handlers {
  const timer = useRef(0);
  const stop = () => clearTimeout(timer.current);
  return {
    onPointerDown(event) {
      stop();
      if (event.pointerType !== "touch") return;
      timer.current = setTimeout(() => pressed(event), LONG_MS);
    },
    onPointerUp: stop,
    onPointerMove({ movementX, movementY }) {
      if (Math.abs(movementX) + Math.abs(movementY) > 4) stop();
    },
    onPointerCancel: stop,
  };
}
