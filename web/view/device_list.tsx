/**
 * The devices: this tab, and all others with their songs. A song that is dropped
 * onto a receiving device plays there.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { safeText } from "../../lib/safe_text.ts";
import { checkDeviceName } from "../../lib/model/song_name.ts";
import type { OnlineClient } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { notifyError } from "../model/notices.ts";
import { spokenTime, timeText, titleOf } from "../model/words.ts";
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";
import { Slider } from "./slider.tsx";

/** Media type of a dragged song. */
export const SONG_DRAG = "application/x-ondacast-song";

export function DeviceList({ app }: { app: App }): JSX.Element {
  const others = app.devices.others.value;
  return (
    <>
      <ThisTab app={app} />
      <ul class="devices">
        {others.map((client) => (
          <Device key={client.key} app={app} client={client} />
        ))}
      </ul>
      {others.length === 0 && (
        <p class="empty">
          No other devices yet. Open this page on another machine, or run{" "}
          <code>ondacast receive</code> there.
        </p>
      )}
    </>
  );
}

function ThisTab({ app }: { app: App }): JSX.Element {
  const { tab } = app;
  return (
    <div class="device me">
      <p class="detail">This browser</p>
      <input
        type="text"
        class="name"
        aria-label="Name of this browser"
        maxLength={64}
        value={tab.name.value}
        onChange={({ currentTarget }) => {
          try {
            tab.rename(checkDeviceName(currentTarget.value.trim()));
          } catch (error) {
            notifyError(error);
          }
          currentTarget.value = tab.name.value;
        }}
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
        <span>Others may play songs here</span>
      </label>
      <OwnVolume app={app} />
    </div>
  );
}

/** The tab's volume, for when its player has no room for it. */
function OwnVolume({ app: { player } }: { app: App }): JSX.Element {
  return (
    <label class="volume">
      <Icon name="volume" />
      <span class="hidden">Volume of this browser</span>
      <Slider
        max={100}
        step={1}
        value={player.volume.value}
        onSlide={(percent) => player.setVolume(percent)}
      />
    </label>
  );
}

function Device(
  { app, client }: { app: App; client: OnlineClient },
): JSX.Element {
  const [over, setOver] = useState(false);
  const { name, id, receiving, state } = client;
  const drop = receiving && {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes(SONG_DRAG)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      const song = event.dataTransfer?.getData(SONG_DRAG);
      if (!song) return;
      event.preventDefault();
      app.devices.cast(song, client);
    },
  };
  return (
    <li
      class={`device ${receiving ? "receives" : ""} ${over ? "over" : ""}`}
      {...drop}
    >
      <div class="head">
        <Icon name="device" />
        <div class="about">
          <span class="title">
            <Name of={name} />
          </span>
          <span class="detail">
            <Name of={id} />
          </span>
        </div>
        <span class={`chip ${state.doing}`}>{DOING[state.doing]}</span>
      </div>
      {state.song && <Playing app={app} client={client} />}
      {state.problem && (
        <p class="problem">
          <Name of={state.problem} />
        </p>
      )}
    </li>
  );
}

const DOING = {
  idle: "online",
  waiting: "ready",
  playing: "plays",
  paused: "paused",
};

/** The song of a device, and its controls. */
function Playing(
  { app, client }: { app: App; client: OnlineClient },
): JSX.Element {
  const { devices, library } = app;
  const { receiving, state: { song = "", doing, underruns } } = client;
  const name = safeText(client.name);
  const length = library.named(song)?.seconds ?? null;
  const position = devices.positionOf(client, length);
  return (
    <>
      <p class="song-name">
        <Name of={titleOf(song)} />
      </p>
      <div class="seek">
        <span class="time">{timeText(position)}</span>
        {receiving && length !== null
          ? (
            <Slider
              aria-label={`Position on ${name}`}
              aria-valuetext={spokenTime(position)}
              max={length}
              value={position}
              onSettle={(seconds) => devices.control(client, "seek", seconds)}
            />
          )
          : <progress aria-hidden="true" max={length ?? 1} value={position} />}
        <span class="time">{length === null ? "" : timeText(length)}</span>
      </div>
      {receiving && (
        <div class="controls">
          <button
            type="button"
            class="plain"
            aria-label={`${doing === "playing" ? "Pause" : "Resume"} ${name}`}
            onClick={() =>
              devices.control(client, doing === "playing" ? "pause" : "resume")}
          >
            <Icon name={doing === "playing" ? "pause" : "play"} />
          </button>
          <button
            type="button"
            class="plain"
            aria-label={`Stop ${name}`}
            onClick={() => devices.control(client, "stop")}
          >
            <Icon name="stop" />
          </button>
          <label class="volume">
            <Icon name="volume" />
            <span class="hidden">Volume of {name}</span>
            <Slider
              max={100}
              step={1}
              value={devices.volumeOf(client)}
              onSettle={(volume) => devices.control(client, "volume", volume)}
            />
          </label>
          {underruns ? <span class="detail">{underruns} gaps</span> : null}
        </div>
      )}
    </>
  );
}
