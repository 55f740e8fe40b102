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
  // Others may have removed some meanwhile.
  const chosen = names ? songs.filter(({ name }) => names.has(name)) : [];
  const count = TEXTS.lists.count(chosen.length, "song");
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
            {actionsOf(app, chosen, count).map(([icon, label, of, act]) => (
              <IconButton
                key={label}
                icon={icon}
                label={label}
                title={label}
                aria-disabled={of.length === 0}
                onClick={() => {
                  if (of.length === 0) return;
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

/** Each with the songs that it is for. */
function actionsOf(
  app: App,
  chosen: readonly SongRow[],
  title: string,
): [IconName, string, readonly SongRow[], () => void][] {
  const { play } = TEXTS;
  const playable = chosen.filter(({ format }) => format !== null);
  const choice = (place?: Choice["place"]): Choice => (
    { songs: playable.map(({ name }) => name), title, place }
  );
  const choose = (place?: Choice["place"]) => () =>
    void app.remote.choose(choice(place));
  return [
    ["play", play.play, playable, choose()],
    ["next", play.next, playable, choose("next")],
    ["list", play.end, playable, choose("end")],
    [
      ...["speaker", play.on, playable] as const,
      () => app.overlays.show({ kind: "playOn", choice: choice() }),
    ],
    ...app.mayChange.value
      ? [
        [
          ...["remove", play.remove, chosen] as const,
          () => void removeSongs(app, chosen),
        ] satisfies [IconName, string, readonly SongRow[], () => void],
      ]
      : [],
  ];
}
