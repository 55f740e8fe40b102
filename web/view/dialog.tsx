/**
 * A modal dialog, which is open as long as it is mounted: a sheet at the bottom of
 * a phone, else a box in the middle or a menu at its button.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { safeText } from "../../lib/safe_text.ts";

export function Dialog(
  { title, onClose, kind = "box", at, isBare = false, children }: {
    title: string;
    /** Without it, the dialog cannot be closed. */
    onClose?: () => void;
    kind?: "box" | "menu" | "playing";
    /** The button that opened it, at which a menu appears. */
    at?: DOMRect;
    /** Whether the title is for screen readers alone. */
    isBare?: boolean;
    children: ComponentChildren;
  },
): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  // Before the next paint, at which keys must already be the dialog's.
  useLayoutEffect(() => {
    const dialog = ref.current!;
    dialog.showModal();
    // Unmounting alone would not return the focus.
    return () => dialog.close();
  }, []);
  useLayoutEffect(() => {
    if (at) placeAt(ref.current!, at);
  }, [at]);
  return (
    <dialog
      ref={ref}
      class={kind}
      aria-label={safeText(title)}
      onCancel={(event) => {
        if (!onClose) event.preventDefault();
      }}
      // Browsers close it at a second Esc even if that is prevented.
      onClose={() => {
        if (ref.current === null) return; // already unmounted
        if (onClose) onClose();
        else ref.current.showModal();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose?.();
      }}
    >
      <div class="inside">
        {!isBare && (
          <h2>
            <bdi>{safeText(title)}</bdi>
          </h2>
        )}
        {children}
      </div>
    </dialog>
  );
}

/** Puts a menu beside its button, inside the window; style.css moves it on phones. */
function placeAt(dialog: HTMLElement, at: DOMRect): void {
  const { style } = dialog;
  const below = at.bottom < innerHeight * 0.6;
  const most = innerWidth - dialog.offsetWidth - 8;
  const x = Math.max(8, Math.min(innerWidth - at.right, most));
  style.setProperty("--x", `${x}px`);
  style.setProperty("--top", below ? `${at.bottom + 4}px` : "auto");
  style.setProperty(
    "--bottom",
    below ? "auto" : `${innerHeight - at.top + 4}px`,
  );
}
