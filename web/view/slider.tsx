/**
 * A slider whose track is filled up to its thumb, and whose thumb stays where
 * it is held.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** What a slider shows, and what is done with it; numbers of the slider. */
export interface SliderValue {
  value: number;
  /** Called at each step while it is moved. */
  onSlide?(value: number): void;
  /** Called when it is let go of. */
  onSettle?(value: number): void;
}

type Handlers = Pick<
  JSX.IntrinsicElements["input"],
  "onPointerDown" | "onInput" | "onChange"
>;

/**
 * What to show of a value that moves by itself, too: what it is held at as
 * long as it is held.
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
      // A change, if there is one, is told right after this.
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

/** A range input, as the browser has it. */
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
