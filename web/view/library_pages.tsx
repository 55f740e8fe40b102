/**
 * The lists of the library: songs, albums, artists, playlists and folders.
 *
 * @module
 */

import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { AnswerTo } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import type { Folder } from "../model/folders.ts";
import { addressOf, type Place } from "../model/place.ts";
import { describe } from "../model/remote.ts";
import type { PlaylistRow } from "../model/shelves.ts";
import type { Signal } from "../model/signals.ts";
import { playlistTitle, titleOf } from "../model/words.ts";
import { AlbumGrid } from "./album_tiles.tsx";
import { Art } from "./art.tsx";
import { CollectionHead } from "./collection_page.tsx";
import { Empty, Gone, NothingYet } from "./empty.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { MenuButton } from "./menu.tsx";
import { Name } from "./name.tsx";
import { choiceMenu } from "./song_menu.ts";
import { SongRows } from "./song_rows.tsx";
import { TEXTS } from "../model/texts.ts";
import { VirtualRows } from "./virtual_rows.tsx";

/** Chooses the order of a list. */
function Order<T extends string | undefined>(
  { of, names }: { of: Signal<T>; names: Record<string, string> },
): JSX.Element {
  return (
    <label>
      <span class="hidden">{TEXTS.songs.order}</span>
      <select
        value={of.value}
        onChange={({ currentTarget: { value } }) => of.value = value as T}
      >
        {Object.entries(names).map(([value, label]) => (
          <option key={value} value={value}>{label}</option>
        ))}
      </select>
    </label>
  );
}

/** All songs, in natural order or in one that the server makes. */
export function SongsPage({ app }: { app: App }): JSX.Element {
  const { library, shelves: { songs: sorted } } = app;
  const order = app.orders.songs;
  const sort = order.value;
  useLayoutEffect(() => {
    if (sort !== "natural") sorted.show({ sort });
  }, [sort]);
  const all = library.songs.value;
  if (all === null) return <p class="empty">{TEXTS.lists.loading}</p>;
  if (all.length === 0) return <NothingYet app={app} />;
  const isNatural = sort === "natural";
  const songs = isNatural ? all : sorted.listed.value?.rows ?? [];
  return (
    <section aria-label={TEXTS.places.songs}>
      <div class="section-head">
        <h1>{TEXTS.places.songs}</h1>
        <span class="detail">{TEXTS.lists.count(all.length, "song")}</span>
        <Order of={order} names={TEXTS.songs.orders} />
      </div>
      <SongRows
        app={app}
        songs={songs}
        label={TEXTS.places.songs}
        onPlay={(song, at) =>
          isNatural ? app.play(song.name) : app.remote.choose({
            songs: songs.map(({ name }) => name),
            ...{ at, title: describe(song.name, song).title },
          })}
        onEnd={isNatural ? undefined : () => sorted.more()}
      />
    </section>
  );
}

export function AlbumsPage({ app }: { app: App }): JSX.Element {
  const { albums } = app.shelves;
  const order = app.orders.albums;
  const sort = order.value;
  useLayoutEffect(() => {
    albums.show({ sort });
  }, [sort]);
  const listed = albums.listed.value;
  if (listed?.rows.length === 0) return <Empty label={TEXTS.lists.noAlbums} />;
  return (
    <section aria-label={TEXTS.places.albums}>
      <div class="section-head">
        <h1>{TEXTS.places.albums}</h1>
        <Order of={order} names={TEXTS.lists.orders} />
      </div>
      {listed
        ? (
          <AlbumGrid
            app={app}
            albums={listed.rows}
            onEnd={() => albums.more()}
          />
        )
        : <p class="empty">{TEXTS.lists.loading}</p>}
    </section>
  );
}

export function ArtistsPage({ app }: { app: App }): JSX.Element {
  const { artists } = app.shelves;
  useLayoutEffect(() => {
    artists.show({});
  }, []);
  const listed = artists.listed.value;
  if (listed?.rows.length === 0) return <Empty label={TEXTS.lists.noArtists} />;
  return (
    <section aria-label={TEXTS.places.artists}>
      <div class="section-head">
        <h1>{TEXTS.places.artists}</h1>
      </div>
      <ArtistRows
        app={app}
        artists={listed?.rows ?? []}
        onEnd={() => artists.more()}
      />
    </section>
  );
}

/** Artists, each a row that leads to the songs. */
export function ArtistRows(
  { app, artists, onEnd }: {
    app: App;
    artists: Readonly<AnswerTo<"artists">["artists"]>;
    onEnd?: () => void;
  },
): JSX.Element {
  return (
    <VirtualRows items={artists} label={TEXTS.places.artists} onEnd={onEnd}>
      {({ artist, albums, songs }, at) => (
        <Row
          app={app}
          place={[at, artists.length]}
          to={{ name: "artists", what: artist }}
          title={artist}
          detail={`${TEXTS.lists.count(albums, "album")} · ${
            TEXTS.lists.count(songs, "song")
          }`}
          selection={`artist:${artist}`}
        />
      )}
    </VirtualRows>
  );
}

export function PlaylistsPage({ app }: { app: App }): JSX.Element {
  const { playlists } = app.shelves;
  useLayoutEffect(() => {
    playlists.show({});
  }, []);
  const listed = playlists.listed.value;
  if (listed?.rows.length === 0) {
    return <Empty label={TEXTS.lists.noPlaylists} />;
  }
  const rows = listed?.rows ?? [];
  return (
    <section aria-label={TEXTS.places.playlists}>
      <div class="section-head">
        <h1>{TEXTS.places.playlists}</h1>
      </div>
      <PlaylistRows app={app} playlists={rows} />
    </section>
  );
}

export function PlaylistRows(
  { app, playlists }: { app: App; playlists: readonly PlaylistRow[] },
): JSX.Element {
  return (
    <VirtualRows items={playlists} label={TEXTS.places.playlists}>
      {({ name, songs, missing }, at) => (
        <Row
          app={app}
          place={[at, playlists.length]}
          icon="list"
          to={{ name: "playlists", what: name }}
          title={playlistTitle(name)}
          detail={TEXTS.lists.count(songs, "song") +
            (missing ? ` · ${TEXTS.lists.missing(missing)}` : "")}
          selection={`playlist:${name}`}
        />
      )}
    </VirtualRows>
  );
}

/** One folder: those in it, then its songs. */
export function FolderPage(
  { app, path }: { app: App; path: string },
): JSX.Element {
  const all = app.library.folders;
  if (all === null) {
    return <p class="empty">{TEXTS.lists.loading}</p>;
  }
  const folder = all.get(path);
  if (folder === undefined) {
    return (
      <Gone label={TEXTS.lists.gone} to="folders">{TEXTS.home.showAll}</Gone>
    );
  }
  return (
    <section aria-label={TEXTS.places.folders}>
      {path === ""
        ? (
          <div class="section-head">
            <h1>{TEXTS.places.folders}</h1>
          </div>
        )
        : (
          <CollectionHead
            app={app}
            kind={TEXTS.kinds.folder}
            title={titleOf(path)}
            detail={TEXTS.lists.count(folder.total, "song")}
            selection={`${path}/`}
          />
        )}
      {folder.total === 0 && <NothingYet app={app} />}
      <FolderRows app={app} folders={folder.folders} />
      <SongRows
        app={app}
        songs={folder.songs}
        label={TEXTS.places.songs}
        onPlay={(song, at) =>
          app.remote.choose({
            songs: folder.songs.map(({ name }) => name),
            ...{ at, title: describe(song.name, song).title },
          })}
      />
    </section>
  );
}

export function FolderRows(
  { app, folders }: { app: App; folders: readonly Folder[] },
): JSX.Element {
  return (
    <VirtualRows items={folders} label={TEXTS.places.folders}>
      {({ path, total }, at) => (
        <Row
          app={app}
          place={[at, folders.length]}
          icon="folder"
          to={{ name: "folders", what: path }}
          title={titleOf(path)}
          detail={TEXTS.lists.count(total, "song")}
          selection={`${path}/`}
        />
      )}
    </VirtualRows>
  );
}

/** A row that opens a page, and plays from its menu. */
function Row(
  { app, place: [at, count], to, title, detail, selection, icon }: {
    app: App;
    /** Its index in a list of so many. */
    place: [at: number, count: number];
    to: Place;
    title: string;
    detail: string;
    selection: string;
    icon?: IconName;
  },
): JSX.Element {
  return (
    <div
      class="row"
      role="listitem"
      aria-setsize={count}
      aria-posinset={at + 1}
    >
      <a class="whole" href={addressOf(to)}>
        {icon
          ? (
            <span class="art plain">
              <Icon name={icon} />
            </span>
          )
          : <Art app={app} of={null} title={title} />}
        <span class="about">
          <Name class="title" of={title} />
          <span class="detail">{detail}</span>
        </span>
      </a>
      <MenuButton
        app={app}
        label={TEXTS.play.more(title)}
        title={title}
        items={() => choiceMenu(app, { songs: [selection], title })}
      />
    </div>
  );
}
