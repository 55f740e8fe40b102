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
  { value, onSlide, onSettle }: SliderValue,
): [shown: number, handlers: Handlers] {
  const [held, setHeld] = useState<number | null>(null);
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
  return [held ?? value, {
    onPointerDown: ({ currentTarget }) => {
      pressed.current = true;
      setHeld(currentTarget.valueAsNumber);
    },
    onInput: ({ currentTarget }) => {
      if (pressed.current) setHeld(currentTarget.valueAsNumber);
      onSlide?.(currentTarget.valueAsNumber);
    },
    onChange: ({ currentTarget }) => onSettle?.(currentTarget.valueAsNumber),
  }];
}

/** A native range input. */
export function Slider(
  { value, onSlide, onSettle, max, ...props }:
    & Omit<JSX.IntrinsicElements["input"], "value" | "max" | keyof Handlers>
    & SliderValue
    & { max: number },
): JSX.Element {
  const [shown, handlers] = useHeld({ value, onSlide, onSettle });
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
