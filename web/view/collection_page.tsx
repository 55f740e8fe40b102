/**
 * One album, artist or playlist: its head with the buttons that play it, and its
 * songs.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { App } from "../model/app.ts";
import type { Pictured } from "../model/pictures.ts";
import { addressOf } from "../model/place.ts";
import type { AlbumRow, SongQuery } from "../model/shelves.ts";
import { playlistTitle } from "../model/words.ts";
import { Albums } from "./album_tiles.tsx";
import { Art } from "./art.tsx";
import { Gone } from "./empty.tsx";
import { Shelf } from "./home.tsx";
import { Icon } from "./icons.tsx";
import { MenuButton } from "./menu.tsx";
import { Name } from "./name.tsx";
import { choiceMenu } from "./song_menu.ts";
import { SongRows } from "./song_rows.tsx";
import { TEXTS } from "../model/texts.ts";

export function AlbumPage(
  { app, albumKey }: { app: App; albumKey: string },
): JSX.Element {
  const album = useAlbum(app, albumKey);
  const songs = app.shelves.songs.listed.value?.rows ?? [];
  const [song] = songs;
  const title = album?.album ?? song?.album ?? TEXTS.places.albums;
  return (
    <Collection
      app={app}
      query={{ selection: `album:${albumKey}` }}
      selection={`album:${albumKey}`}
      kind={TEXTS.kinds.album}
      title={title}
      by={album?.artist}
      more={album && [
        ...album.year === undefined ? [] : [String(album.year)],
        TEXTS.lists.count(album.songs, "song"),
        TEXTS.lists.minutes(album.seconds),
      ].join(" · ")}
      picture={songs.find(({ art }) => art) ?? null}
      isAlbum
    />
  );
}

/** The row of an album: that of a list, else asked for. */
function useAlbum(app: App, key: string): AlbumRow | undefined {
  const { albums, recent } = app.shelves;
  const known = [albums, recent]
    .flatMap((list) => list.listed.value?.rows ?? [])
    .find((row) => row.key === key);
  const [asked, setAsked] = useState<AlbumRow>();
  const [song] = app.shelves.songs.listed.value?.rows ?? [];
  useEffect(() => {
    if (known || !song?.album) return;
    app.tab.whenOnline()
      .then((session) =>
        session.request({ type: "albums", match: song.album, limit: 50 })
      )
      .then(({ albums }) => setAsked(albums.find((row) => row.key === key)))
      .catch(() => {}); // Its songs are shown without it.
  }, [key, song?.album, known === undefined]);
  return known ?? (asked?.key === key ? asked : undefined);
}

export function ArtistPage(
  { app, artist }: { app: App; artist: string },
): JSX.Element {
  const { albumsOf } = app.shelves;
  useLayoutEffect(() => {
    albumsOf.show({ artist, sort: "year" });
  }, [artist]);
  const albums = albumsOf.listed.value?.rows ?? [];
  return (
    <Collection
      app={app}
      query={{ selection: `artist:${artist}` }}
      selection={`artist:${artist}`}
      kind={TEXTS.kinds.artist}
      title={artist}
    >
      {albums.length > 0 && (
        <Shelf title={TEXTS.places.albums}>
          <Albums app={app} albums={albums} as="tiles" />
        </Shelf>
      )}
    </Collection>
  );
}

export function PlaylistPage(
  { app, name }: { app: App; name: string },
): JSX.Element {
  return (
    <Collection
      app={app}
      query={{ selection: `playlist:${name}` }}
      selection={`playlist:${name}`}
      kind={TEXTS.kinds.playlist}
      title={playlistTitle(name)}
    />
  );
}

function Collection(
  { app, query, selection, children, isAlbum = false, ...head }:
    & Omit<HeadProps, "detail">
    & {
      query: SongQuery;
      by?: string;
      /** What is said of it besides; undefined: the count of its songs. */
      more?: string;
      isAlbum?: boolean;
      children?: JSX.Element | false;
    },
): JSX.Element {
  const { songs } = app.shelves;
  // Before it is painted: the songs of what was open before are not its own.
  useLayoutEffect(() => {
    songs.show(query);
  }, [JSON.stringify(query)]);
  const listed = songs.listed.value;
  const rows = listed?.rows ?? [];
  if (listed?.problem && rows.length === 0) {
    return (
      <Gone label={TEXTS.lists.gone} to="albums">{TEXTS.home.showAll}</Gone>
    );
  }
  const count = listed && listed.next === undefined
    ? TEXTS.lists.count(rows.length, "song")
    : "";
  return (
    <>
      <CollectionHead
        app={app}
        selection={selection}
        {...head}
        detail={head.more ?? count}
      />
      {children}
      <section aria-label={TEXTS.places.songs}>
        <SongRows
          app={app}
          songs={rows}
          label={TEXTS.places.songs}
          isAlbum={isAlbum}
          by={head.by ?? head.title}
          onPlay={(_, at) =>
            app.remote.choose({
              songs: rows.map(({ name }) => name),
              ...{ at, title: head.title },
            })}
          onEnd={() => songs.more()}
        />
      </section>
    </>
  );
}

interface HeadProps {
  app: App;
  kind: string;
  title: string;
  selection: string;
  detail: string;
  /** An artist, with a page of their own. */
  by?: string;
  picture?: Pictured | null;
}

export function CollectionHead(
  { app, kind, title, selection, detail, by, picture = null }: HeadProps,
): JSX.Element {
  const choice = { songs: [selection], title };
  const { play } = TEXTS;
  return (
    <div class="head">
      <Art app={app} of={picture} title={title} size={512} />
      <div class="about">
        <span class="detail">{kind}</span>
        <h1>
          <Name of={title} />
        </h1>
        <span class="detail">
          {by && (
            <>
              <a href={addressOf({ name: "artists", what: by })}>
                <Name of={by} />
              </a>
              {" · "}
            </>
          )}
          {detail}
        </span>
        <div class="actions">
          <button
            type="button"
            class="main"
            onClick={() => app.remote.choose(choice)}
          >
            <Icon name="play" />
            <span>{play.play}</span>
          </button>
          <button
            type="button"
            onClick={() => app.remote.choose({ ...choice, shuffle: true })}
          >
            <Icon name="shuffle" />
            <span>{play.shuffle}</span>
          </button>
          <button
            type="button"
            onClick={() => app.overlays.show({ kind: "playOn", choice })}
          >
            <Icon name="speaker" />
            <span>{play.on}</span>
          </button>
          <MenuButton
            app={app}
            label={play.more(title)}
            title={title}
            items={() => choiceMenu(app, choice)}
          />
        </div>
      </div>
    </div>
  );
}
