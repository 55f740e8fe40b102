/**
 * The ways to the parts of the page: at the side of a wide window, as tabs at the
 * bottom of a phone.
 *
 * @module
 */

import type { JSX } from "preact";
import type { App } from "../model/app.ts";
import { addressOf, type PlaceName } from "../model/place.ts";
import { Icon, type IconName } from "./icons.tsx";
import { TEXTS } from "../model/texts.ts";

interface Way {
  name: PlaceName;
  icon: IconName;
  label?: string;
  /** Where it is shown; undefined: everywhere. */
  on?: "desk" | "phone";
}

/** Those below a heading; on a phone, the first of the library stands for all. */
export const LISTS: readonly Way[] = [
  { name: "albums", icon: "album" },
  { name: "artists", icon: "artist" },
  { name: "songs", icon: "song" },
  { name: "playlists", icon: "list" },
  { name: "folders", icon: "folder" },
];

export function Ways({ app }: { app: App }): JSX.Element {
  const { name } = app.places.now.value;
  const isLibrary = LISTS.some((way) => way.name === name);
  return (
    <nav class="ways" aria-label="Ondacast">
      <a class="brand" href="#/" tabIndex={-1} aria-hidden="true">
        <img src="/icon.svg" alt="" width="28" height="28" />
        <span>Ondacast</span>
      </a>
      <WayLink way={{ name: "home", icon: "home" }} at={name} />
      <h2 class="desk">{TEXTS.places.library}</h2>
      {LISTS.map((way) => (
        <WayLink key={way.name} way={{ ...way, on: "desk" }} at={name} />
      ))}
      <WayLink
        way={{
          ...{ name: "albums", icon: "album", on: "phone" },
          label: TEXTS.places.library,
        }}
        at={isLibrary ? "albums" : name}
      />
      <WayLink way={{ name: "search", icon: "search" }} at={name} />
      <WayLink way={{ name: "rooms", icon: "speaker" }} at={name} />
    </nav>
  );
}

/** The parts of the library, side by side on a phone. */
export function LibraryTabs({ app }: { app: App }): JSX.Element {
  const { name } = app.places.now.value;
  return (
    <nav class="tabs" aria-label={TEXTS.places.library}>
      {LISTS.map((way) => (
        <a
          key={way.name}
          href={addressOf({ name: way.name, what: "" })}
          aria-current={way.name === name ? "page" : undefined}
          onFocus={({ currentTarget }) => showTab(currentTarget)}
          ref={(tab) => {
            if (way.name === name && tab) showTab(tab);
          }}
        >
          {TEXTS.places[way.name]}
        </a>
      ))}
    </nav>
  );
}

/** Only sideways: the page stays where it is. */
function showTab(tab: HTMLElement): void {
  const row = tab.parentElement!;
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.clientWidth) / 2;
}

function WayLink({ way, at }: { way: Way; at: PlaceName }): JSX.Element {
  const { name, icon, on = "", label = TEXTS.places[name] } = way;
  return (
    <a
      class={on}
      href={addressOf({ name, what: "" })}
      aria-current={name === at ? "page" : undefined}
    >
      <Icon name={icon} />
      <span>{label}</span>
    </a>
  );
}
