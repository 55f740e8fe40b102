/**
 * A room, or rooms that play together: what plays, and the controls.
 *
 * @module
 */

import type { JSX } from "preact";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import { type GroupDevice, type GroupRow, isAway } from "../model/groups.ts";
import { describe } from "../model/remote.ts";
import { serverOf } from "../model/server_of.ts";
import { spokenTime, timeText } from "../model/words.ts";
import { IconButton } from "./icon_button.tsx";
import { Icon, roomIcon } from "./icons.tsx";
import { MenuButton } from "./menu.tsx";
import { Name } from "./name.tsx";
import { SongArt } from "./player_bar.tsx";
import { draggedAs, useRoomDrop } from "./room_drop.ts";
import { deviceMenu, roomMenu } from "./room_menu.ts";
import { Slider } from "./slider.tsx";
import { TEXTS } from "../model/texts.ts";

/** Below this, rooms sound as one. */
const IN_STEP_US = 5_000;

interface RoomProps {
  app: App;
  row: GroupRow;
}

export function RoomCard({ app, row }: RoomProps): JSX.Element {
  const [over, target] = useRoomDrop(app, row);
  const { group, name, state, song, devices } = row;
  const isChosen = app.remote.elsewhere.value?.group === group;
  const away = isAway(row);
  const doing = away ? "away" : state;
  const isMuted = devices.every(({ muted }) => muted);
  const server = serverOf(app.tab.welcome.value, row);
  return (
    <li
      class={`room ${isChosen ? "chosen" : ""} ${over}`}
      {...target}
    >
      {/* Not the whole card: its sliders are dragged, too. */}
      <div class="name" {...draggedAs(group)}>
        <Icon name={roomIcon(devices)} />
        <div class="about">
          <h3>
            <Name of={name} />
          </h3>
          <span class="detail does">
            <span class={`chip ${doing}`}>
              {away ? TEXTS.rooms.away : TEXTS.rooms.states[state]}
            </span>
            {isMuted && <span>{TEXTS.rooms.muted}</span>}
            {devices.length > 1 && <span>{stepOf(worstOf(devices))}</span>}
            {server && <Name of={server} />}
          </span>
        </div>
        <MenuButton
          app={app}
          label={TEXTS.rooms.more(safeText(name))}
          title={name}
          items={() => roomMenu(app, row)}
        />
      </div>
      {song !== null && state !== "stopped" && !away && (
        <Playing app={app} row={row} song={song} />
      )}
      <Problems row={row} />
      {!away && (
        <label class="volume">
          <Icon name={isMuted ? "mute" : "volume"} />
          <span class="hidden">{TEXTS.rooms.volume(safeText(name))}</span>
          <Slider
            max={100}
            step={1}
            value={row.volume}
            onSettle={(percent) => app.actions.setVolume(row, percent)}
          />
        </label>
      )}
      {devices.length > 1 && (
        <ul class="members">
          {devices.map((device) => (
            <Member key={device.key} app={app} row={row} device={device} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** The song of a room, and its controls. */
function Playing(
  { app, row, song }: RoomProps & { song: string },
): JSX.Element {
  const { groups, actions, library } = app;
  const { state, seconds, entry } = row;
  const name = safeText(row.name);
  const position = groups.positionOf(row);
  const isPlaying = state === "playing";
  const known = describe(song, library.named(song));
  const artist = row.artist ?? known.artist;
  return (
    <>
      <div class="plays">
        <SongArt app={app} song={song} size={128} />
        <div class="about">
          <Name class="title song-name" of={known.title} />
          {artist && <Name class="detail" of={artist} />}
        </div>
        <IconButton
          class="round"
          icon={isPlaying ? "pause" : "play"}
          label={isPlaying ? TEXTS.rooms.pause(name) : TEXTS.rooms.resume(name)}
          onClick={() =>
            actions.control(row, { action: isPlaying ? "pause" : "resume" })}
        />
      </div>
      <div class="seek">
        <span class="time">{timeText(position)}</span>
        {seconds === null ? <span /> : (
          <Slider
            aria-label={TEXTS.rooms.position(name)}
            aria-valuetext={spokenTime(position)}
            max={seconds}
            value={position}
            of={entry ?? song}
            onSettle={(value) =>
              actions.control(row, { action: "seek", value })}
          />
        )}
        <span class="time">{seconds === null ? "" : timeText(seconds)}</span>
        <div class="controls">
          <IconButton
            icon="stop"
            label={TEXTS.rooms.stop(name)}
            onClick={() => actions.control(row, { action: "stop" })}
          />
          <IconButton
            icon="next"
            label={TEXTS.rooms.next(name)}
            onClick={() =>
              actions.control(row, {
                action: "next",
                ...(entry !== null && { entry }),
              })}
          />
        </div>
      </div>
    </>
  );
}

/** A device of several that play together. */
function Member(
  { app, row, device }: RoomProps & { device: GroupDevice },
): JSX.Element {
  const name = safeText(device.name);
  const offUs = Math.abs(device.step?.errorUs ?? 0);
  const note = device.away
    ? TEXTS.rooms.away
    : device.muted
    ? TEXTS.rooms.muted
    : offUs < IN_STEP_US
    ? null
    : stepOf(offUs);
  return (
    <li class="member">
      <span class="about" {...draggedAs(device.key)}>
        <Name of={device.name} />
        {note && <span class="detail">{note}</span>}
      </span>
      <Slider
        aria-label={TEXTS.rooms.volume(name)}
        max={100}
        step={1}
        value={device.volume}
        onSettle={(percent) => app.actions.setVolume(device, percent)}
      />
      <MenuButton
        app={app}
        label={TEXTS.rooms.more(name)}
        title={device.name}
        items={() => deviceMenu(app, row, device)}
      />
    </li>
  );
}

function Problems({ row }: { row: GroupRow }): JSX.Element {
  const problems = [row.problem, ...row.devices.map(({ problem }) => problem)]
    .filter((problem) => problem !== undefined);
  return (
    <>
      {problems.map((problem) => (
        <p key={problem} class="problem">
          <Name of={problem} />
        </p>
      ))}
    </>
  );
}

function worstOf(devices: readonly GroupDevice[]): number {
  return Math.max(...devices.map(({ step }) => Math.abs(step?.errorUs ?? 0)));
}

/** How far from its group something plays, in words. */
export function stepOf(errorUs: number): string {
  const offUs = Math.abs(errorUs);
  if (offUs < IN_STEP_US) return TEXTS.rooms.inStep;
  return TEXTS.rooms.off(Math.round(offUs / 1000));
}
