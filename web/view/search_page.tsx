/**
 * What a search finds, in groups: artists, albums, playlists, folders, songs.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { foldText } from "../../lib/model/natural_order.ts";
import type { App } from "../model/app.ts";
import { titleOf } from "../model/words.ts";
import { Albums } from "./album_tiles.tsx";
import { Empty } from "./empty.tsx";
import { Shelf } from "./home.tsx";
import { ArtistRows, FolderRows, PlaylistRows } from "./library_pages.tsx";
import { SongRows } from "./song_rows.tsx";
import { TEXTS } from "../model/texts.ts";

/** Artists, playlists and folders that a search shows, of each. */
const FEW = 4;

export function SearchPage({ app }: { app: App }): JSX.Element {
  const { library, found } = app;
  const text = library.search.value;
  useEffect(() => {
    if (text === "") return found.forget();
    // While someone types, the last text counts.
    const later = setTimeout(() => {
      found.albums.replace({ match: text });
      found.artists.replace({ match: text });
      found.playlists.replace({});
      found.songs.replace({ match: text, sort: "natural" });
    }, 150);
    return () => clearTimeout(later);
  }, [text]);
  const listed = found.songs.listed.value;
  const songs = listed?.rows ?? [];
  const albums = found.albums.listed.value?.rows ?? [];
  const artists = found.artists.listed.value?.rows ?? [];
  // That of the songs, so that all change together.
  const words = foldText(listed?.query.match ?? "").match(/\S+/g);
  const isFound = (name: string) => {
    const title = foldText(titleOf(name));
    return words?.every((word) => title.includes(word));
  };
  const playlists = (found.playlists.listed.value?.rows ?? [])
    .filter(({ name }) => isFound(name));
  const folders = [...library.folders?.values() ?? []]
    .filter(({ path }) => isFound(path));
  if (text === "") {
    return <Empty label={TEXTS.search.start} />;
  }
  return (
    <>
      {artists.length > 0 && (
        <Shelf title={TEXTS.places.artists}>
          <ArtistRows app={app} artists={artists.slice(0, FEW)} />
        </Shelf>
      )}
      {albums.length > 0 && (
        <Shelf title={TEXTS.places.albums}>
          <Albums app={app} albums={albums} as="shelf" />
        </Shelf>
      )}
      {playlists.length > 0 && (
        <Shelf title={TEXTS.places.playlists}>
          <PlaylistRows app={app} playlists={playlists.slice(0, FEW)} />
        </Shelf>
      )}
      {folders.length > 0 && (
        <Shelf title={TEXTS.places.folders}>
          <FolderRows app={app} folders={folders.slice(0, FEW)} />
        </Shelf>
      )}
      {songs.length > 0
        ? (
          <Shelf title={TEXTS.places.songs}>
            <SongRows
              app={app}
              songs={songs}
              label={TEXTS.places.songs}
              onPlay={({ name }) => app.play(name, songs)}
              onEnd={() => found.songs.more()}
            />
          </Shelf>
        )
        : albums.length + artists.length + playlists.length === 0 &&
          folders.length === 0 && listed !== null &&
          <Empty label={TEXTS.songs.notFound(listed.query.match ?? "")} />}
    </>
  );
}
