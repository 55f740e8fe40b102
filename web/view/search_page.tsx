/**
 * What a search finds, in groups: artists, albums, songs.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { App } from "../model/app.ts";
import { Albums } from "./album_tiles.tsx";
import { Empty } from "./empty.tsx";
import { Shelf } from "./home.tsx";
import { ArtistRows } from "./library_pages.tsx";
import { SongRows } from "./song_rows.tsx";
import { TEXTS } from "./texts.ts";

/** Artists that a search shows. */
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
      found.songs.replace({ match: text, sort: "natural" });
    }, 150);
    return () => clearTimeout(later);
  }, [text]);
  const listed = found.songs.listed.value;
  const songs = listed?.rows ?? [];
  const albums = found.albums.listed.value?.rows ?? [];
  const artists = found.artists.listed.value?.rows ?? [];
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
        : albums.length + artists.length === 0 && listed !== null &&
          <Empty label={TEXTS.songs.notFound(listed.query.match ?? "")} />}
    </>
  );
}
