/**
 * Albums as tiles: a shelf to swipe, or a grid. Each opens its page, and has a
 * button that plays it at once.
 *
 * @module
 */

import type { JSX } from "preact";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import { addressOf } from "../model/place.ts";
import type { AlbumRow } from "../model/shelves.ts";
import { Art } from "./art.tsx";
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { More } from "./seen.tsx";

export function AlbumShelf(
  { app, albums }: { app: App; albums: readonly AlbumRow[] },
): JSX.Element {
  return (
    <ul class="shelf">
      {albums.map((album) => (
        <li key={album.key} class="tile">
          <AlbumTile app={app} album={album} />
        </li>
      ))}
    </ul>
  );
}

export function AlbumGrid(
  { app, albums, onMore }: {
    app: App;
    albums: readonly AlbumRow[];
    onMore?: () => void;
  },
): JSX.Element {
  return (
    <>
      <ul class="tiles">
        {albums.map((album) => (
          <li key={album.key} class="tile">
            <AlbumTile app={app} album={album} />
          </li>
        ))}
      </ul>
      {onMore && <More count={albums.length} onMore={onMore} />}
    </>
  );
}

function AlbumTile(
  { app, album }: { app: App; album: AlbumRow },
): JSX.Element {
  const { key, album: title, artist } = album;
  return (
    <>
      <a href={addressOf({ name: "albums", what: key })}>
        <AlbumArt app={app} album={album} />
        <span class="title">
          <Name of={title} />
        </span>
        <span class="detail">
          <Name of={artist} />
        </span>
      </a>
      <button
        type="button"
        class="round main"
        aria-label={`Play ${safeText(title)}`}
        onClick={() => app.remote.choose({ songs: [`album:${key}`], title })}
      >
        <Icon name="play" />
      </button>
    </>
  );
}

export function AlbumArt(
  { app, album, size = 256 }: {
    app: App;
    album: Pick<AlbumRow, "key" | "album" | "art">;
    size?: 64 | 256 | 512;
  },
): JSX.Element {
  const song = album.art ? app.pictures.coverOf(album.key).value : null;
  return <Art app={app} of={song} title={album.album} size={size} />;
}
