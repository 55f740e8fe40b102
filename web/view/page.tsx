/**
 * The layout of the whole page.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../model/app.ts";
import { dismiss, notices } from "../model/notices.ts";
import { DeviceList } from "./device_list.tsx";
import { CastDialog, TokenDialog } from "./dialogs.tsx";
import { Icon } from "./icons.tsx";
import { Name, Sentence } from "./name.tsx";
import { PlayerBar } from "./player_bar.tsx";
import { SongList } from "./song_list.tsx";
import { DropZone, UploadButton, UploadList } from "./upload_list.tsx";

export function Page({ app }: { app: App }): JSX.Element {
  // A phone shows one of the two.
  const [room, setRoom] = useState<"songs" | "devices">("songs");
  return (
    <>
      <header>
        <h1>
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span>Ondacast</span>
        </h1>
        <label class="search">
          <Icon name="search" />
          <span class="hidden">Search songs</span>
          <input
            type="search"
            placeholder="Search songs"
            value={app.library.search.value}
            onFocus={() => app.library.refresh()}
            onInput={({ currentTarget }) =>
              app.library.find(currentTarget.value)}
          />
        </label>
        <UploadButton app={app} />
        <Status app={app} />
      </header>
      <Banner app={app} />
      <nav aria-label="Rooms">
        {(["songs", "devices"] as const).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={room === name}
            onClick={() => setRoom(name)}
          >
            {name === "songs" ? "Songs" : `Devices (${app.devices.total})`}
          </button>
        ))}
      </nav>
      <main class={`shows-${room}`}>
        <section class="songs-room" aria-label="Songs">
          <UploadList app={app} />
          <SongList app={app} />
        </section>
        <section class="devices-room" aria-label="Devices">
          <h2>Devices</h2>
          <DeviceList app={app} />
        </section>
      </main>
      <PlayerBar app={app} />
      <Notices />
      <TokenDialog app={app} />
      <CastDialog app={app} />
      <DropZone app={app} />
    </>
  );
}

/** The state of the connection, in a few words. */
function Status({ app }: { app: App }): JSX.Element {
  const { tab, devices } = app;
  const { state } = tab.connection.value;
  return (
    <p class={`status ${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      <span>
        {state === "online"
          ? (
            <>
              <Name of={tab.welcome.value?.server ?? ""} />
              {` · ${devices.total} online · ${devices.listeners} listening`}
            </>
          )
          : STATES[state]}
      </span>
    </p>
  );
}

const STATES = {
  connecting: "connecting…",
  away: "the server is away; trying again…",
  locked: "locked",
  ended: "not connected",
};

/** A problem that the user must know or solve first. */
function Banner({ app }: { app: App }): JSX.Element | null {
  const { tab } = app;
  const connection = tab.connection.value;
  if (connection.state === "ended") {
    return (
      <p class="banner" role="alert">
        <Name of={connection.message} />{" "}
        <button type="button" onClick={() => location.reload()}>
          Connect again
        </button>
      </p>
    );
  }
  if (!tab.silenced.value || app.player.song.value === null) return null;
  return (
    <p class="banner" role="alert">
      A song plays here, but the browser keeps this page silent.{" "}
      <button type="button" onClick={() => tab.touched()}>Turn on sound</button>
    </p>
  );
}

function Notices(): JSX.Element {
  return (
    <div class="notices" role="status">
      {notices.value.map((notice) => (
        <p key={notice.id}>
          <Sentence words={notice.words} />
          {notice.action && (
            <button type="button" onClick={notice.action.act}>
              {notice.action.label}
            </button>
          )}
          <button
            type="button"
            class="plain"
            aria-label="Dismiss"
            onClick={() => dismiss(notice)}
          >
            <Icon name="close" />
          </button>
        </p>
      ))}
    </div>
  );
}
