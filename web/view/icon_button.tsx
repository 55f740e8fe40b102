/**
 * A button that shows an icon, and says its label to screen readers.
 *
 * @module
 */

import type { JSX } from "preact";
import { Icon, type IconName } from "./icons.tsx";

export function IconButton(
  { icon, label, class: kind = "plain", children, ...props }:
    & JSX.IntrinsicElements["button"]
    & { icon: IconName; label: string },
): JSX.Element {
  return (
    <button type="button" class={kind} aria-label={label} {...props}>
      <Icon name={icon} />
      {children}
    </button>
  );
}
