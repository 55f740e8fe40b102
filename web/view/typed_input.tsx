/**
 * An input whose text stays while someone types, even if what is around it, or its
 * value, changes by itself.
 *
 * @module
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type Input = JSX.IntrinsicElements["input"];

export function TypedInput(
  { value, onChange, ...props }:
    & Omit<Input, "value" | "onInput" | "onChange" | "onBlur">
    & {
      value: string | number;
      onChange: JSX.GenericEventHandler<HTMLInputElement>;
    },
): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const isTyped = useRef(false);
  useLayoutEffect(() => {
    if (!isTyped.current) input.current!.value = String(value);
  }, [value]);
  return (
    <input
      {...props}
      ref={input}
      onInput={() => isTyped.current = true}
      onChange={(event) => {
        isTyped.current = false;
        onChange(event);
      }}
      onBlur={({ currentTarget }) => {
        // It is again what it was, which is no change.
        if (isTyped.current) currentTarget.value = String(value);
        isTyped.current = false;
      }}
    />
  );
}
