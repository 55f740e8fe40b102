/**
 * What lies over the page, such as a dialog or a menu. The last one is on top.
 *
 * @module
 */

import type { SongRow } from "../../lib/wire/messages.ts";
import type { Choice } from "./choices.ts";
import { signal } from "./signals.ts";

/** A line of a menu; without `act` it is a heading. */
export interface MenuItem {
  label: string;
  act?(): void;
  icon?: string;
  /** A name of others, shown behind the label. */
  name?: string;
  isChosen?: boolean;
}

export type Overlay =
  | { kind: "output" | "playing" | "keys" | "name" }
  /** Where to play something. */
  | { kind: "playOn"; choice: Choice }
  | { kind: "menu"; title: string; items: MenuItem[]; at: DOMRect }
  | { kind: "rename"; song: SongRow }
  /** The delay of a device, by its key. */
  | { kind: "delay"; device: string };

export class Overlays {
  readonly open = signal<readonly Overlay[]>([]);

  show(overlay: Overlay): void {
    this.open.value = [...this.open.peek(), overlay];
  }

  /** Closes one, and those over it. */
  close(overlay: Overlay): void {
    const at = this.open.peek().indexOf(overlay);
    if (at >= 0) this.open.value = this.open.peek().slice(0, at);
  }

  has(kind: Overlay["kind"]): boolean {
    return this.open.peek().some((overlay) => overlay.kind === kind);
  }
}
