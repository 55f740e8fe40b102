/**
 * The buttons of the player, and its volume.
 *
 * @module
 */

import type { JSX } from "preact";
import type { App } from "../model/app.ts";
import { Icon } from "./icons.tsx";
import { Slider } from "./slider.tsx";
import { TEXTS } from "./texts.ts";

export function Transport({ app }: { app: App }): JSX.Element {
  const { remote } = app;
  const texts = TEXTS.player;
  const plays = remote.song.value !== null;
  const isPaused = remote.isPaused.value;
  const { shuffle = false, repeat = "off" } = remote.group.value ?? {};
  const canQueue = remote.group.value !== null;
  return (
    <div class="buttons">
      <button
        type="button"
        class="plain"
        aria-disabled={!canQueue}
        aria-pressed={shuffle}
        aria-label={texts.shuffle}
        title={texts.shuffle}
        onClick={() => remote.shuffle(!shuffle)}
      >
        <Icon name="shuffle" />
      </button>
      <button
        type="button"
        class="plain"
        aria-disabled={!plays}
        aria-label={texts.previous}
        onClick={() => plays && remote.previous()}
      >
        <Icon name="previous" />
      </button>
      <button
        type="button"
        class="round main large"
        aria-disabled={!plays && !app.library.songs.value?.length}
        aria-label={plays && !isPaused ? texts.pause : texts.play}
        onClick={() => app.toggle()}
      >
        <Icon name={plays && !isPaused ? "pause" : "play"} />
      </button>
      <button
        type="button"
        class="plain"
        aria-disabled={!plays}
        aria-label={texts.next}
        onClick={() => plays && remote.next()}
      >
        <Icon name="next" />
      </button>
      <button
        type="button"
        class="plain"
        aria-disabled={!canQueue}
        aria-pressed={repeat !== "off"}
        aria-label={texts.repeat[repeat]}
        title={texts.repeat[repeat]}
        onClick={() => remote.repeat()}
      >
        <Icon name="repeat" />
        {repeat === "one" && <span class="one" aria-hidden="true">1</span>}
      </button>
    </div>
  );
}

/** The volume of the output, and its mute button. */
export function Volume({ app }: { app: App }): JSX.Element {
  const { remote } = app;
  const { mute, unmute, volume } = TEXTS.player;
  const isMuted = remote.isMuted;
  return (
    <div class="volume">
      <button
        type="button"
        class="plain"
        aria-disabled={remote.group.value === null}
        aria-label={isMuted ? unmute : mute}
        onClick={() => remote.mute(!isMuted)}
      >
        <Icon name={isMuted ? "mute" : "volume"} />
      </button>
      <Slider
        aria-label={volume}
        max={100}
        step={1}
        value={remote.volume}
        onSlide={(percent) =>
          remote.elsewhere.peek() === null && remote.setVolume(percent)}
        onSettle={(percent) => remote.setVolume(percent)}
      />
    </div>
  );
}
