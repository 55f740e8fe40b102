/**
 * The rooms of the house: this browser, and each group of other devices as a card.
 *
 * @module
 */

import type { JSX } from "preact";
import { checkDeviceName } from "../../lib/model/song_name.ts";
import { safeText } from "../../lib/safe_text.ts";
import { hasMicrophone } from "../audio/microphone.ts";
import type { DeviceKind } from "../../lib/model/device_kind.ts";
import type { App } from "../model/app.ts";
import { notifyError } from "../model/notices.ts";
import { Gone } from "./empty.tsx";
import { Icon, kindIcon } from "./icons.tsx";
import { useKeptFocus } from "./kept_focus.ts";
import { KindSelect } from "./kind_select.tsx";
import { Name } from "./name.tsx";
import { useDropBeside, useRoomDrop } from "./room_drop.ts";
import { RoomCard, stepOf } from "./room_card.tsx";
import { Slider } from "./slider.tsx";
import { TypedInput } from "./typed_input.tsx";
import { TEXTS } from "../model/texts.ts";

export function RoomList({ app }: { app: App }): JSX.Element {
  const own = app.ownKey;
  const list = useKeptFocus<HTMLUListElement>();
  useDropBeside(app);
  const all = app.groups.rows.value;
  const rows = (all ?? []).filter(({ devices }) =>
    devices.length > 1 || devices.some(({ key }) => key !== own)
  );
  return (
    <>
      <ul ref={list} class="rooms">
        {rows.map((row) => <RoomCard key={row.group} app={app} row={row} />)}
        <ThisBrowser app={app} />
      </ul>
      {all !== null && rows.length === 0 && (
        <p class="detail wrap">{TEXTS.output.none}</p>
      )}
    </>
  );
}

/** One room, with an address of its own. */
export function RoomPage(
  { app, group }: { app: App; group: string },
): JSX.Element {
  const row = app.groups.get(group) ?? app.groups.of(group) ??
    app.groups.rows.value?.find(({ was }) => was === group);
  if (app.groups.rows.value === null) {
    return <p class="empty">{TEXTS.lists.loading}</p>;
  }
  if (row === undefined) {
    return <Gone label={TEXTS.rooms.gone} to="rooms">{TEXTS.rooms.all}</Gone>;
  }
  return (
    <section aria-label={TEXTS.places.rooms}>
      <div class="section-head">
        <h1>
          <Name of={row.name} />
        </h1>
        <a class="more" href="#/rooms">{TEXTS.rooms.all}</a>
      </div>
      <ul class="rooms single">
        <RoomCard app={app} row={row} />
      </ul>
    </section>
  );
}

function ThisBrowser({ app }: { app: App }): JSX.Element {
  const { tab, player } = app;
  const install = app.install.value;
  const [over, target] = useRoomDrop(app, app.groups.of(app.ownKey ?? ""));
  return (
    <li
      class={`room me ${app.remote.elsewhere.value ? "" : "chosen"} ${over}`}
      {...target}
    >
      <div class="name">
        <Icon name={kindIcon(tab.kind.value)} />
        <div class="about">
          <h3>{TEXTS.output.here}</h3>
          <OwnDoing app={app} />
        </div>
      </div>
      <TypedInput
        type="text"
        aria-label={TEXTS.rooms.name}
        maxLength={64}
        value={tab.name.value}
        onChange={({ currentTarget }) => {
          rename(app, currentTarget.value);
          currentTarget.value = tab.name.value;
        }}
      />
      <KindSelect
        value={tab.kind.value}
        onChange={({ currentTarget: { value } }) =>
          tab.become(value as DeviceKind)}
      />
      <label class="switch">
        <input
          type="checkbox"
          role="switch"
          checked={tab.receiving.value}
          onChange={({ currentTarget }) => tab.receive(currentTarget.checked)}
          onKeyDown={(event) => {
            // The space bar controls the player.
            if (event.key === "Enter") event.currentTarget.click();
          }}
        />
        <span>{TEXTS.rooms.receive}</span>
      </label>
      <label class="volume">
        <Icon name="volume" />
        <Slider
          aria-label={TEXTS.rooms.volume("this browser")}
          max={100}
          step={1}
          value={player.volume.value}
          onSlide={(percent) => player.setVolume(percent)}
        />
      </label>
      <Share app={app} />
      {install && (
        <button type="button" onClick={install}>{TEXTS.rooms.install}</button>
      )}
    </li>
  );
}

/** Shares the microphone, where the browser has one for this page. */
function Share({ app: { share } }: { app: App }): JSX.Element | null {
  const song = share.song.value;
  if (!hasMicrophone()) return null;
  return (
    <>
      <button type="button" onClick={() => share.toggle()}>
        {song === null ? TEXTS.rooms.share : TEXTS.rooms.unshare}
      </button>
      {song !== null && (
        <p class="detail wrap">{TEXTS.rooms.shared(safeText(song))}</p>
      )}
    </>
  );
}

/** What this browser does, and how far it is from its group. */
function OwnDoing({ app }: { app: App }): JSX.Element {
  const own = app.own.value;
  return (
    <span class="detail does">
      <span class={`chip ${own.is}`}>{TEXTS.rooms.own[own.is]}</span>
      {own.is === "playing" && own.offMs !== null && (
        <span>{stepOf(own.offMs * 1000)}</span>
      )}
    </span>
  );
}

function rename(app: App, name: string): void {
  try {
    app.tab.rename(checkDeviceName(name.trim()));
  } catch (error) {
    notifyError(error);
  }
}
