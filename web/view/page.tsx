/**
 * The frame of the page: the ways, the search, what is shown, the rooms beside it
 * and the player below.
 *
 * @module
 */

import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { App } from "../model/app.ts";
import type { Place, PlaceName } from "../model/place.ts";
import { AlbumPage, ArtistPage, PlaylistPage } from "./collection_page.tsx";
import { TokenDialog } from "./dialogs.tsx";
import { Empty } from "./empty.tsx";
import { Home } from "./home.tsx";
import { Icon } from "./icons.tsx";
import {
  AlbumsPage,
  ArtistsPage,
  FolderPage,
  PlaylistsPage,
  SongsPage,
} from "./library_pages.tsx";
import { Name } from "./name.tsx";
import { Notices } from "./notices.tsx";
import { OverlayStack } from "./overlay_stack.tsx";
import { PlayerBar } from "./player_bar.tsx";
import { RoomList, RoomPage } from "./room_list.tsx";
import { SearchPage } from "./search_page.tsx";
import { TEXTS } from "../model/texts.ts";
import { DropZone, UploadButton, UploadList } from "./upload_list.tsx";
import { LibraryTabs, LISTS, Ways } from "./ways.tsx";

export function Page({ app }: { app: App }): JSX.Element {
  return (
    <>
      <Header app={app} />
      <Banner app={app} />
      <Main app={app} />
      {app.places.now.value.name !== "rooms" && (
        <aside class="rooms-side" aria-label={TEXTS.places.rooms}>
          <h2>{TEXTS.places.rooms}</h2>
          <RoomList app={app} />
        </aside>
      )}
      <PlayerBar app={app} />
      <Ways app={app} />
      <Notices app={app} isOver={false} />
      <OverlayStack app={app} />
      <TokenDialog app={app} />
      {app.mayAdd.value && <DropZone app={app} />}
    </>
  );
}

function Header({ app }: { app: App }): JSX.Element {
  return (
    <header>
      <label class="search">
        <Icon name="search" />
        <span class="hidden">{TEXTS.search.label}</span>
        <input
          type="search"
          placeholder={TEXTS.search.hint}
          // Elsewhere, what is shown is not what was searched for.
          value={app.places.now.value.name === "search"
            ? app.library.search.value
            : ""}
          onFocus={() => app.library.recheck()}
          onInput={({ currentTarget }) => app.search(currentTarget.value)}
        />
      </label>
      <Status app={app} />
      {app.mayAdd.value && <UploadButton app={app} />}
    </header>
  );
}

/** What each place shows; `what` as in {@linkcode Place}. */
const VIEWS: Record<PlaceName, (app: App, what: string) => JSX.Element> = {
  home: (app) => <Home app={app} />,
  songs: (app) => <SongsPage app={app} />,
  albums: (app, what) =>
    what
      ? <AlbumPage key={what} app={app} albumKey={what} />
      : <AlbumsPage app={app} />,
  artists: (app, what) =>
    what
      ? <ArtistPage key={what} app={app} artist={what} />
      : <ArtistsPage app={app} />,
  playlists: (app, what) =>
    what
      ? <PlaylistPage key={what} app={app} name={what} />
      : <PlaylistsPage app={app} />,
  folders: (app, what) => <FolderPage app={app} path={what} />,
  search: (app) => <SearchPage app={app} />,
  rooms: (app, what) =>
    what
      ? <RoomPage app={app} group={what} />
      : (
        <section aria-label={TEXTS.places.rooms}>
          <div class="section-head">
            <h1>{TEXTS.places.rooms}</h1>
          </div>
          <RoomList app={app} />
        </section>
      ),
};

function Main({ app }: { app: App }): JSX.Element {
  const { name, what }: Place = app.places.now.value;
  const ref = useRef<HTMLElement>(null);
  const first = useRef(true);
  // Before the next paint: a key pressed after that is for what is new.
  useLayoutEffect(() => {
    // Screen readers go on at what is new, unless a text is being typed.
    const isTyping = document.activeElement instanceof HTMLInputElement;
    if (!first.current && !isTyping) {
      ref.current!.focus({ preventScroll: true });
    }
    first.current = false;
    document.body.className = `shows-${name}`;
  }, [name, what]);
  const isListed = what === "" && LISTS.some((list) => list.name === name);
  return (
    <main ref={ref} tabIndex={-1}>
      <UploadList app={app} />
      {isListed && <LibraryTabs app={app} />}
      {app.isUnreachable.value && (what !== "" || name !== "rooms")
        ? (
          <Empty label={TEXTS.status.unreachable}>
            <Again />
          </Empty>
        )
        : VIEWS[name](app, what)}
    </main>
  );
}

/** The state of the connection, in a few words. */
function Status({ app }: { app: App }): JSX.Element {
  const { tab } = app;
  const { state } = tab.connection.value;
  return (
    <p class={`status ${state}`}>
      <span class="dot" aria-hidden="true" />
      <span role="status">
        {state === "online"
          ? <Name of={tab.welcome.value?.server ?? ""} />
          : TEXTS.status[state]}
      </span>
    </p>
  );
}

/** A problem that the user must know or solve first. */
function Banner({ app }: { app: App }): JSX.Element | null {
  const { tab } = app;
  const connection = tab.connection.value;
  if (connection.state === "ended") {
    return (
      <p class="banner" role="alert">
        <Name of={connection.message} /> <Again />
      </p>
    );
  }
  const isSilent = tab.silenced.value && app.player.song.value !== null;
  if (!isSilent || connection.state !== "online") return null;
  return (
    <p class="banner" role="alert">
      {TEXTS.banner.silent}{" "}
      <button type="button" onClick={() => tab.touched()}>
        {TEXTS.banner.sound}
      </button>
    </p>
  );
}

/** Connects again, by loading the page anew. */
function Again(): JSX.Element {
  return (
    <button type="button" class="main" onClick={() => location.reload()}>
      {TEXTS.banner.again}
    </button>
  );
}
