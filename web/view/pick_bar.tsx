/**
 * What can be done with the songs that are selected in a list, above it; before,
 * the button that begins to select.
 *
 * @module
 */

import type { JSX } from "preact";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import type { Choice } from "../model/choices.ts";
import { IconButton } from "./icon_button.tsx";
import type { IconName } from "./icons.tsx";
import { removeSongs } from "./song_changes.ts";
import { TEXTS } from "../model/texts.ts";

export function PickBar(
  { app, songs }: { app: App; songs: readonly SongRow[] },
): JSX.Element | null {
  const { picked } = app;
  const names = picked.names.value;
  if (songs.length === 0) return null;
  const count = TEXTS.lists.count(names?.size ?? 0, "song");
  return (
    <div
      class={`picks ${names ? "on" : ""}`}
      role="group"
      aria-label={TEXTS.pick.label}
    >
      <p role="status">{names && TEXTS.pick.picked(count)}</p>
      {names
        ? (
          <>
            {actionsOf(app, songs, names, count).map(([icon, label, act]) => (
              <IconButton
                key={label}
                icon={icon}
                label={label}
                title={label}
                aria-disabled={names.size === 0}
                onClick={() => {
                  if (names.size === 0) return;
                  act();
                  picked.end();
                }}
              />
            ))}
            <IconButton
              icon="close"
              label={TEXTS.pick.end}
              title={TEXTS.pick.end}
              onClick={() => picked.end()}
            />
          </>
        )
        : (
          <button type="button" onClick={() => picked.begin(songs[0].name)}>
            {TEXTS.pick.begin}
          </button>
        )}
    </div>
  );
}

function actionsOf(
  app: App,
  songs: readonly SongRow[],
  names: ReadonlySet<string>,
  title: string,
): [IconName, string, () => void][] {
  const { play } = TEXTS;
  const chosen = () => songs.filter(({ name }) => names.has(name));
  const choice = (place?: Choice["place"]): Choice => {
    const playable = chosen().filter(({ format }) => format !== null);
    return { songs: playable.map(({ name }) => name), title, place };
  };
  return [
    ["play", play.play, () => app.remote.choose(choice())],
    ["next", play.next, () => app.remote.choose(choice("next"))],
    ["list", play.end, () => app.remote.choose(choice("end"))],
    [
      "speaker",
      play.on,
      () => app.overlays.show({ kind: "playOn", choice: choice() }),
    ],
    ...app.mayChange.value
      ? [["remove", play.remove, () => removeSongs(app, chosen())] as [
        IconName,
        string,
        () => void,
      ]]
      : [],
  ];
}
