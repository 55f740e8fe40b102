/**
 * A slider whose track is filled up to its thumb, and whose thumb does not move by
 * itself while the user holds it.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** A slider's value and callbacks, in the slider's unit. */
export interface SliderValue {
  value: number;
  /** What the value is of, such as a song: a drag ends with it. */
  of?: unknown;
  /** Called at each step of a drag. */
  onSlide?(value: number): void;
  /** Called when it is released. */
  onSettle?(value: number): void;
}

type Handlers = Pick<
  JSX.IntrinsicElements["input"],
  "onPointerDown" | "onInput" | "onChange"
>;

/**
 * The value to show of a slider whose value also moves by itself: the held value
 * while the user holds it.
 */
export function useHeld(
  { value, of, onSlide, onSettle }: SliderValue,
): [shown: number, handlers: Handlers] {
  const [held, setHeld] = useState<{ of: unknown; value: number } | null>(
    null,
  );
  const isOver = held !== null && held.of !== of;
  const pressed = useRef(false);
  useEffect(() => {
    const release = () => {
      if (!pressed.current) return;
      pressed.current = false;
      // A change event, if any, follows right after this.
      setTimeout(() => setHeld(null));
    };
    addEventListener("pointerup", release);
    addEventListener("pointercancel", release);
    return () => {
      removeEventListener("pointerup", release);
      removeEventListener("pointercancel", release);
    };
  }, []);
  return [held === null || isOver ? value : held.value, {
    onPointerDown: ({ currentTarget }) => {
      pressed.current = true;
      setHeld({ of, value: currentTarget.valueAsNumber });
    },
    onInput: ({ currentTarget: { valueAsNumber } }) => {
      if (isOver) return;
      if (pressed.current) setHeld({ of, value: valueAsNumber });
      onSlide?.(valueAsNumber);
    },
    onChange: ({ currentTarget: { valueAsNumber } }) => {
      if (!isOver) onSettle?.(valueAsNumber);
    },
  }];
}

/** A native range input. */
export function Slider(
  { value, of, onSlide, onSettle, max, ...props }:
    & Omit<JSX.IntrinsicElements["input"], "value" | "max" | keyof Handlers>
    & SliderValue
    & { max: number },
): JSX.Element {
  const [shown, handlers] = useHeld({ value, of, onSlide, onSettle });
  const part = `${Math.min(1, shown / (max || 1)) * 100}%`;
  return (
    <input
      type="range"
      min="0"
      step="any"
      style={{ "--part": part }}
      {...props}
      {...handlers}
      max={max}
      value={shown}
    />
  );
}
