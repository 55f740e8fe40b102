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
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { TEXTS } from "./texts.ts";

/** Names the output, and opens the choice. */
export function OutputChip({ app }: { app: App }): JSX.Element {
  const row = app.remote.elsewhere.value;
  const together = row === null && app.remote.group.value !== null &&
    app.remote.group.value.devices.length > 1;
  const name = row?.name ??
    (together ? app.remote.group.value!.name : TEXTS.output.here);
  return (
    <button
      type="button"
      class={`output ${row || together ? "" : "here"}`}
      aria-label={TEXTS.output.choose(safeText(name))}
      aria-haspopup="dialog"
      onClick={() => app.overlays.show({ kind: "output" })}
    >
      <Icon name={row || together ? "device" : "browser"} />
      <span>
        <Name of={name} />
      </span>
      <Icon name="down" />
    </button>
  );
}

/** The groups of other devices. */
function others(app: App): GroupRow[] {
  const own = app.ownKey;
  return (app.groups.rows.value ?? [])
    .filter(({ devices }) => devices.every(({ key }) => key !== own));
}

export function OutputPicker(
  { app, onClose }: { app: App; onClose: () => void },
): JSX.Element {
  const rows = others(app);
  const chosen = app.remote.elsewhere.value?.group;
  return (
    <Dialog title={TEXTS.output.title} onClose={onClose}>
      <p class="detail wrap">{TEXTS.output.hint}</p>
      <ul class="choices">
        <Place
          icon="browser"
          name={app.tab.name.value}
          detail={TEXTS.output.here}
          isChosen={chosen === undefined}
          onChoose={() => {
            onClose();
            app.playHere();
          }}
        />
        {rows.map((row) => (
          <Place
            key={row.group}
            icon="device"
            name={row.name}
            detail={detailOf(app, row)}
            isChosen={row.group === chosen}
            onChoose={() => {
              onClose();
              app.remote.moveTo(row);
            }}
          />
        ))}
      </ul>
      {rows.length === 0 && <NoOthers />}
      <button type="button" onClick={onClose}>{TEXTS.dialog.close}</button>
    </Dialog>
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
  const rows = others(app);
  return (
    <Dialog title={TEXTS.play.itOn(choice.title)} onClose={onClose}>
      <ul class="choices">
        <Place
          icon="browser"
          name={TEXTS.output.here}
          onChoose={() => {
            onClose();
            app.destination.choose("here");
            app.remote.choose(choice);
          }}
        />
        {rows.map((row) => (
          <Place
            key={row.group}
            icon="device"
            name={row.name}
            detail={detailOf(app, row)}
            onChoose={() => {
              onClose();
              app.playOn(row, choice);
            }}
          />
        ))}
      </ul>
      {rows.length === 0 && <NoOthers />}
      <button type="button" onClick={onClose}>{TEXTS.dialog.cancel}</button>
    </Dialog>
  );
}

function NoOthers(): JSX.Element {
  return <p class="detail wrap">{TEXTS.output.none}</p>;
}

function Place(
  { icon, name, detail, isChosen, onChoose }: {
    icon: "browser" | "device";
    name: string;
    detail?: string;
    isChosen?: boolean;
    onChoose: () => void;
  },
): JSX.Element {
  return (
    <li>
      <button type="button" aria-pressed={isChosen} onClick={onChoose}>
        <Icon name={icon} />
        <span class="about">
          <Name class="title" of={name} />
          {detail && <Name class="detail" of={detail} />}
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
