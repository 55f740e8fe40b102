/**
 * Albums as tiles: a shelf to swipe, a few, or a grid of all. Each opens its page, and has a
 * button that plays it at once and one for all else that can be done with it.
 *
 * @module
 */

import type { JSX } from "preact";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import { addressOf } from "../model/place.ts";
import type { AlbumRow } from "../model/shelves.ts";
import { Art } from "./art.tsx";
import { IconButton } from "./icon_button.tsx";
import { MenuButton } from "./menu.tsx";
import { Name } from "./name.tsx";
import { choiceMenu } from "./song_menu.ts";
import { TEXTS } from "../model/texts.ts";
import { TileGrid } from "./tile_grid.tsx";

export function Albums(
  { app, albums, as }: {
    app: App;
    albums: readonly AlbumRow[];
    /** One row to swipe, or as many as it takes. */
    as: "shelf" | "tiles";
  },
): JSX.Element {
  return (
    <ul class={as}>
      {albums.map((album) => (
        <li key={album.key} class="tile">
          <AlbumTile app={app} album={album} />
        </li>
      ))}
    </ul>
  );
}

/** @param onEnd Called when the end comes near. */
export function AlbumGrid(
  { app, albums, onEnd }: {
    app: App;
    /** At least one. */
    albums: readonly AlbumRow[];
    onEnd: () => void;
  },
): JSX.Element {
  return (
    <TileGrid count={albums.length} label={TEXTS.places.albums}>
      {(from, to) => {
        if (to >= albums.length) onEnd();
        return albums.slice(from, to).map((album, i) => (
          <div
            class="tile"
            role="listitem"
            aria-setsize={albums.length}
            aria-posinset={from + i + 1}
          >
            <AlbumTile app={app} album={album} />
          </div>
        ));
      }}
    </TileGrid>
  );
}

function AlbumTile(
  { app, album }: { app: App; album: AlbumRow },
): JSX.Element {
  const { key, album: title, artist } = album;
  const choice = { songs: [`album:${key}`], title };
  const label = safeText(title);
  return (
    <>
      <a href={addressOf({ name: "albums", what: key })}>
        <AlbumArt app={app} album={album} />
        <Name class="title" of={title} />
        <Name class="detail" of={artist} />
      </a>
      <IconButton
        class="round main"
        icon="play"
        label={TEXTS.play.it(label)}
        onClick={() => app.remote.choose(choice)}
      />
      <MenuButton
        app={app}
        label={TEXTS.play.more(label)}
        title={title}
        items={() => choiceMenu(app, choice)}
      />
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
