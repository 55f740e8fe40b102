/**
 * Where music plays: the chip that names the room, and the choice of another one,
 * to which the music moves.
 *
 * @module
 */

import type { JSX } from "preact";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import type { Choice } from "../model/choices.ts";
import { type GroupRow, isAway } from "../model/groups.ts";
import { describe } from "../model/remote.ts";
import { Dialog } from "./dialog.tsx";
import { Icon, type IconName, kindIcon, roomIcon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { TEXTS } from "../model/texts.ts";

/** Names the output, and opens the choice. */
export function OutputChip({ app }: { app: App }): JSX.Element {
  const own = app.remote.group.value;
  const row = app.remote.elsewhere.value ??
    (own && own.devices.length > 1 ? own : null);
  const name = row?.name ?? TEXTS.output.here;
  return (
    <button
      type="button"
      class={`output ${row ? "" : "here"}`}
      aria-label={TEXTS.output.choose(safeText(name))}
      aria-haspopup="dialog"
      onClick={() => app.overlays.show({ kind: "output" })}
    >
      <Icon
        name={row ? roomIcon(row.devices) : kindIcon(app.tab.kind.value)}
      />
      <span>
        <Name of={name} />
      </span>
      <Icon name="down" />
    </button>
  );
}

/** Chooses the output, to which the music moves. */
export function OutputPicker(
  { app, onClose }: { app: App; onClose: () => void },
): JSX.Element {
  return (
    <Outputs
      app={app}
      onClose={onClose}
      title={TEXTS.output.title}
      hint={TEXTS.output.hint}
      chosen={app.remote.elsewhere.value?.group ?? null}
      onHere={() => app.playHere()}
      onRoom={(row) => app.remote.moveTo(row)}
    />
  );
}

/** Chooses where to play one thing, which becomes the output. */
export function PlayOn(
  { app, choice, onClose }: {
    app: App;
    choice: Choice;
    onClose: () => void;
  },
): JSX.Element {
  return (
    <Outputs
      app={app}
      onClose={onClose}
      title={TEXTS.play.itOn(choice.title)}
      onHere={() => {
        app.destination.choose(null);
        app.remote.choose(choice);
      }}
      onRoom={(row) => app.playOn(row, choice)}
    />
  );
}

/** This browser, and the groups of other devices. */
function Outputs(
  { app, onClose, title, hint, chosen, onHere, onRoom }: {
    app: App;
    onClose: () => void;
    title: string;
    hint?: string;
    /** The group that is the output; null: this browser, undefined: none. */
    chosen?: string | null;
    onHere: () => void;
    onRoom: (row: GroupRow) => void;
  },
): JSX.Element {
  const own = app.ownKey;
  const rows = (app.groups.rows.value ?? [])
    .filter(({ devices }) => devices.every(({ key }) => key !== own));
  return (
    <Dialog title={title} onClose={onClose}>
      {hint && <p class="detail wrap">{hint}</p>}
      <ul class="choices">
        <Place
          icon={kindIcon(app.tab.kind.value)}
          name={app.tab.name.value}
          detail={TEXTS.output.here}
          isChosen={chosen === undefined ? undefined : chosen === null}
          onChoose={() => {
            onClose();
            onHere();
          }}
        />
        {rows.map((row) => (
          <Place
            key={row.group}
            icon={roomIcon(row.devices)}
            name={row.name}
            detail={detailOf(app, row)}
            isChosen={chosen === undefined ? undefined : chosen === row.group}
            onChoose={() => {
              onClose();
              onRoom(row);
            }}
          />
        ))}
      </ul>
      {rows.length === 0 && <p class="detail wrap">{TEXTS.output.none}</p>}
      <button type="button" onClick={onClose}>
        {chosen === undefined ? TEXTS.dialog.cancel : TEXTS.dialog.close}
      </button>
    </Dialog>
  );
}

function Place(
  { icon, name, detail, isChosen, onChoose }: {
    icon: IconName;
    name: string;
    detail: string;
    isChosen: boolean | undefined;
    onChoose: () => void;
  },
): JSX.Element {
  return (
    <li>
      <button type="button" aria-pressed={isChosen} onClick={onChoose}>
        <Icon name={icon} />
        <span class="about">
          <Name class="title" of={name} />
          <Name class="detail" of={detail} />
        </span>
        {isChosen && <Icon name="check" />}
      </button>
    </li>
  );
}

function detailOf(app: App, row: GroupRow): string {
  const { state, song } = row;
  if (isAway(row)) return TEXTS.rooms.away;
  const word = TEXTS.rooms.states[state];
  if (state === "stopped" || song === null) return word;
  return `${word}: ${describe(song, app.library.named(song)).title}`;
}
