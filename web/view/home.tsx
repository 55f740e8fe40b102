/**
 * The first page: what plays in the house, and albums to choose from, the newest
 * first.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { safeText } from "../../lib/safe_text.ts";
import { isInstalledByMenu } from "../io/install_prompt.ts";
import { readSetting, writeSetting } from "../io/settings.ts";
import type { App } from "../model/app.ts";
import type { GroupRow } from "../model/groups.ts";
import { addressOf, type Place } from "../model/place.ts";
import { describe } from "../model/remote.ts";
import { Albums } from "./album_tiles.tsx";
import { Art } from "./art.tsx";
import { NothingYet } from "./empty.tsx";
import { IconButton } from "./icon_button.tsx";
import { Icon, kindIcon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { SongRows } from "./song_rows.tsx";
import { TEXTS } from "../model/texts.ts";

/** Albums on the first page. */
const FEW = 24;

export function Home({ app }: { app: App }): JSX.Element {
  const { shelves, library, groups } = app;
  useLayoutEffect(() => {
    shelves.recent.show({ sort: "added" });
    shelves.albums.show({ sort: app.orders.albums.peek() });
  }, []);
  const recent = shelves.recent.listed.value?.rows ?? [];
  const albums = shelves.albums.listed.value?.rows ?? [];
  if (library.songs.value?.length === 0) return <NothingYet app={app} />;
  const playing = (groups.rows.value ?? [])
    .filter(({ state, song, devices }) =>
      state !== "stopped" && song !== null &&
      devices.some(({ away }) => !away)
    );
  return (
    <>
      <section>
        <div class="section-head">
          <h1>{greeting()}</h1>
        </div>
        <div class="cards">
          <NameCard app={app} />
          <InstallCard />
          {playing.map((row) => (
            <PlayingCard key={row.group} app={app} row={row} />
          ))}
          <Surprise app={app} />
        </div>
      </section>
      {recent.length > 0 && (
        <Shelf
          title={TEXTS.home.recent}
          all={{ name: "albums", what: "" }}
          onAll={() => app.orders.albums.value = "added"}
        >
          <Albums app={app} albums={recent.slice(0, FEW)} as="shelf" />
        </Shelf>
      )}
      {/* Songs without tags, in no folder. */}
      {shelves.albums.listed.value?.rows.length === 0 && (
        <Shelf title={TEXTS.places.songs} all={{ name: "songs", what: "" }}>
          <SongRows
            app={app}
            songs={(library.songs.value ?? []).slice(0, FEW)}
            label={TEXTS.places.songs}
            onPlay={({ name }) =>
              app.play(name)}
          />
        </Shelf>
      )}
      {albums.length > 0 && (
        <Shelf
          title={TEXTS.places.albums}
          all={{ name: "albums", what: "" }}
        >
          <Albums app={app} albums={albums.slice(0, FEW)} as="tiles" />
        </Shelf>
      )}
    </>
  );
}

export function Shelf(
  { title, all, onAll, children }: {
    title: string;
    all?: Place;
    /** Called before all are shown. */
    onAll?(): void;
    children: ComponentChildren;
  },
): JSX.Element {
  return (
    <section aria-label={title}>
      <div class="section-head">
        <h2>{title}</h2>
        {all && (
          <a
            class="more"
            href={addressOf(all)}
            onClick={onAll}
            aria-label={`${TEXTS.home.showAll}: ${title}`}
          >
            {TEXTS.home.showAll}
          </a>
        )}
      </div>
      {children}
    </section>
  );
}

function PlayingCard({ app, row }: { app: App; row: GroupRow }): JSX.Element {
  const { group, name, song, artist, state } = row;
  const known = app.library.named(song!);
  const { title } = describe(song!, known);
  const isPlaying = state === "playing";
  return (
    <div class="card">
      <a href={addressOf({ name: "rooms", what: group })}>
        <Art
          app={app}
          of={row.art ? known ?? { name: song! } : null}
          title={known?.album ?? title}
          size={128}
        />
        <span class="about">
          <Name class="detail" of={name} />
          <Name class="title" of={title} />
          {artist !== undefined && <Name class="detail" of={artist} />}
        </span>
      </a>
      <IconButton
        class="round"
        icon={isPlaying ? "pause" : "play"}
        label={isPlaying
          ? TEXTS.rooms.pause(safeText(name))
          : TEXTS.rooms.resume(safeText(name))}
        onClick={() =>
          app.actions.control(row, { action: isPlaying ? "pause" : "resume" })}
      />
    </div>
  );
}

/** Asks for a name of this browser, until it has one. */
function NameCard({ app }: { app: App }): JSX.Element | null {
  const { title, now } = TEXTS.name;
  const name = app.tab.name.value;
  app.overlays.open.value; // The answer may be the same name.
  if (readSetting("name") !== null) return null;
  return (
    <button
      type="button"
      class="card says"
      onClick={() => app.overlays.show({ kind: "name" })}
    >
      <span class="art plain">
        <Icon name={kindIcon(app.tab.kind.value)} />
      </span>
      <span class="about">
        <span class="title">{title}</span>
        <span class="detail">
          {now} <Name of={name} />
        </span>
      </span>
    </button>
  );
}

/** Says where the page is installed, until that is dismissed. */
function InstallCard(): JSX.Element | null {
  const [isShown, show] = useState(
    isInstalledByMenu() && readSetting("installHint") === null,
  );
  if (!isShown) return null;
  return (
    <div class="card says">
      <span class="art plain">
        <Icon name="add" />
      </span>
      <span class="about">
        <span class="title">{TEXTS.home.install}</span>
        <span class="detail">{TEXTS.home.installDetail}</span>
      </span>
      <IconButton
        icon="close"
        label={TEXTS.dialog.dismiss}
        onClick={() => {
          writeSetting("installHint", "seen");
          show(false);
        }}
      />
    </div>
  );
}

function Surprise({ app }: { app: App }): JSX.Element {
  const { surprise, surpriseDetail } = TEXTS.home;
  const play = () =>
    app.remote.choose({ songs: ["*"], title: surprise, shuffle: true });
  return (
    <div class="card says surprise">
      <span class="art">
        <Icon name="shuffle" />
      </span>
      <span class="about">
        <span class="title">{surprise}</span>
        <span class="detail">{surpriseDetail}</span>
      </span>
      <IconButton
        class="round main"
        icon="play"
        label={surprise}
        onClick={play}
      />
    </div>
  );
}

function greeting(): string {
  const { morning, day, evening } = TEXTS.home;
  const hour = new Date().getHours();
  if (hour < 5 || hour > 17) return evening;
  return hour < 12 ? morning : day;
}
