/**
 * The player at the bottom: the song, its controls, where it sounds, and how loud.
 * On a phone it is one row, which opens the screen with the rest.
 *
 * @module
 */

import type { JSX } from "preact";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import type { GroupRow } from "../model/groups.ts";
import { describe } from "../model/remote.ts";
import { Art } from "./art.tsx";
import { IconButton } from "./icon_button.tsx";
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { OutputChip } from "./output_picker.tsx";
import { Seek } from "./seek.tsx";
import { TEXTS } from "../model/texts.ts";
import { Transport, Volume } from "./transport.tsx";

/**
 * It stays while nothing plays: its buttons then do nothing, but keep the focus.
 */
export function PlayerBar({ app }: { app: App }): JSX.Element {
  return (
    <section class="player" aria-label={TEXTS.player.label}>
      <button
        type="button"
        class="now"
        aria-haspopup="dialog"
        title={TEXTS.player.open}
        onClick={() => app.overlays.show({ kind: "playing" })}
      >
        <Now app={app} />
      </button>
      <div class="transport">
        <Transport app={app} />
        <Seek app={app} />
      </div>
      <div class="ends">
        <IconButton
          icon="list"
          label={TEXTS.player.queue}
          aria-haspopup="dialog"
          onClick={() => app.overlays.show({ kind: "playing" })}
        />
        <OutputChip app={app} />
        <Volume app={app} />
      </div>
    </section>
  );
}

/** The playing song: picture, title, artist. */
function Now({ app }: { app: App }): JSX.Element {
  const shown = app.remote.shown;
  if (shown === null) {
    return (
      <>
        <span class="art" aria-hidden="true">
          <Icon name="song" />
        </span>
        <span class="about">
          <span class="title">{TEXTS.player.nothing}</span>
          <span class="detail">{TEXTS.player.choose}</span>
        </span>
      </>
    );
  }
  return (
    <>
      <SongArt app={app} song={shown.song} size={128} />
      <span class="about">
        <Name class="title" of={shown.title || "…"} />
        <span class="detail">
          <NowDetail app={app} artist={shown.artist} />
        </span>
      </span>
    </>
  );
}

/** The artist, and whether the song was chosen elsewhere. */
export function NowDetail(
  { app, artist }: { app: App; artist: string | null },
): JSX.Element {
  const { elsewhere } = app.remote;
  const { value: now } = app.player.now;
  const notes = [];
  const problem = elsewhere.value && problemOf(elsewhere.value);
  if (problem) notes.push(safeText(problem));
  if (elsewhere.value === null && now !== null) {
    const { is } = app.own.value;
    if (now.state === null) notes.push(TEXTS.player.begins);
    else if (is === "buffering" || is === "silenced") {
      notes.push(TEXTS.rooms.own[is]);
    }
    if (!now.own) notes.push(TEXTS.player.castHere);
  }
  return (
    <>
      {artist !== null && <Name of={artist} />}
      {artist !== null && notes.length > 0 && " · "}
      {notes.join(" · ")}
    </>
  );
}

/** What keeps a group from playing as it should. */
function problemOf({ problem, devices }: GroupRow): string | undefined {
  return problem ?? devices.find((device) => device.problem)?.problem;
}

/** The picture of a song by its name. */
export function SongArt(
  { app, song, size }: { app: App; song: string; size: 128 | 512 },
): JSX.Element {
  const row = app.library.named(song);
  const { title, album } = describe(song, row);
  return (
    <Art
      app={app}
      of={row?.art ? row : null}
      title={album ?? title}
      size={size}
    />
  );
}
