/**
 * Which part of the page is shown: the part of its address after the `#`, so that
 * each has an address of its own, and Back leads to the last one.
 *
 * @module
 */

import { type Signal, signal } from "./signals.ts";

/** The parts of the page. */
export const ROOMS = [
  ...["home", "albums", "artists", "songs", "playlists", "folders"] as const,
  ...["search", "rooms"] as const,
];
export type PlaceName = typeof ROOMS[number];

/** A part, and what of it is shown, such as the key of an album; `""`: all. */
export interface Place {
  name: PlaceName;
  what: string;
}

/**
 * Reads the address of a place.
 *
 * @example
 * ```ts
 * import { addressOf, parsePlace } from "./place.ts";
 * import assert from "node:assert/strict";
 *
 * const place = { name: "folders", what: "Live/100 % Ω" } as const;
 * assert.equal(addressOf(place), "#/folders/Live%2F100%20%25%20%CE%A9");
 * assert.deepEqual(parsePlace(addressOf(place)), place);
 * assert.deepEqual(parsePlace("#/no/such"), { name: "home", what: "" });
 * ```
 */
export function parsePlace(hash: string): Place {
  const [, name, what = ""] = hash.split("/");
  const known = ROOMS.find((room) => room === name);
  if (known === undefined) return { name: "home", what: "" };
  return { name: known, what: decoded(what) };
}

export function addressOf({ name, what }: Place): string {
  if (name === "home") return "#/";
  return `#/${name}${what && `/${encodeURIComponent(what)}`}`;
}

/** Frames that the songs of a place may take to come: some seconds. */
const SCROLLING_FRAMES = 200;

/** A scroll position, in pixels. */
interface Target {
  top: number;
  /** Left, until it is given up. */
  frames: number;
}

/** The place that is shown, which follows the browser's address. */
export class Places {
  readonly now: Signal<Place> = signal(parsePlace(location.hash));
  /** How far each entry of the history was scrolled, by its address. */
  readonly #scrolled = new Map<string, number>();
  /** Where the place is yet to be scrolled; null: it has been. */
  #target: Target | null = null;

  constructor() {
    history.scrollRestoration = "manual";
    addEventListener("hashchange", ({ oldURL }) => {
      this.#scrolled.set(new URL(oldURL).hash, this.#target?.top ?? scrollY);
      this.#show();
    });
    for (const type of ["wheel", "pointerdown", "keydown"]) {
      addEventListener(type, () => this.#target = null, { passive: true });
    }
  }

  /** Goes to a place. @param replace Whether Back leaves out the present one. */
  go(place: Place, replace = false): void {
    const address = addressOf(place);
    if (!replace) location.hash = address;
    else {
      history.replaceState(null, "", address);
      this.#show();
    }
  }

  #show(): void {
    this.now.value = parsePlace(location.hash);
    const target = this.#target = {
      top: this.#scrolled.get(location.hash) ?? 0,
      frames: SCROLLING_FRAMES,
    };
    requestAnimationFrame(() => this.#scrollTo(target));
  }

  /** Scrolls there once lists have their height, unless a person does anything. */
  #scrollTo(target: Target): void {
    requestAnimationFrame(() => {
      if (this.#target !== target) return;
      scrollTo(0, target.top);
      const isThere = Math.abs(scrollY - target.top) < 1;
      if (isThere || --target.frames < 0) this.#target = null;
      else this.#scrollTo(target);
    });
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // typed by hand
  }
}
