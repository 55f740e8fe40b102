/**
 * Menus, and the button that opens one.
 *
 * @module
 */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { App } from "../model/app.ts";
import type { MenuItem, Overlay } from "../model/overlays.ts";
import { Dialog } from "./dialog.tsx";
import { IconButton } from "./icon_button.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { Name } from "./name.tsx";

/** Opens a menu; its items are made when it opens. */
export function MenuButton(
  { app, label, title, items }: {
    app: App;
    /** For screen readers. */
    label: string;
    title: string;
    items: () => MenuItem[];
  },
): JSX.Element {
  return (
    <IconButton
      class="plain more"
      icon="more"
      label={label}
      aria-haspopup="dialog"
      onClick={({ currentTarget }) =>
        showMenu(app, currentTarget, { title, items: items() })}
    />
  );
}

/** Opens a menu at its button. */
export function showMenu(
  { overlays }: App,
  button: Element,
  menu: { title: string; items: MenuItem[] },
): void {
  overlays.show({ kind: "menu", ...menu, at: button.getBoundingClientRect() });
}

export function Menu(
  { menu, onClose }: {
    menu: Overlay & { kind: "menu" };
    onClose: () => void;
  },
): JSX.Element {
  const list = useRef<HTMLUListElement>(null);
  return (
    <Dialog title={menu.title} kind="menu" at={menu.at} onClose={onClose}>
      <ul
        ref={list}
        class="choices"
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          const buttons = [...list.current!.querySelectorAll("button")];
          const at = buttons.indexOf(document.activeElement as never);
          buttons.at((at + step) % buttons.length)?.focus();
        }}
      >
        {menu.items.map(({ label, act, icon, name, isChosen }, i) => (
          <li key={i}>
            {act === undefined ? <p class="detail">{label}</p> : (
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => {
                  onClose();
                  act();
                }}
              >
                {icon && <Icon name={icon as IconName} />}
                <span>
                  {label}
                  {name !== undefined && (
                    <>
                      {" "}
                      <Name of={name} />
                    </>
                  )}
                </span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
