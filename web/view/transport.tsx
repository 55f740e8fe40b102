/**
 * The buttons of the player, and its volume.
 *
 * @module
 */

import type { JSX } from "preact";
import type { App } from "../model/app.ts";
import { IconButton } from "./icon_button.tsx";
import { Slider } from "./slider.tsx";
import { TEXTS } from "../model/texts.ts";

export function Transport({ app }: { app: App }): JSX.Element {
  const { remote } = app;
  const texts = TEXTS.player;
  const plays = remote.song.value !== null;
  const isPaused = remote.isPaused.value;
  const { shuffle = false, repeat = "off" } = remote.group.value ?? {};
  const canQueue = remote.group.value !== null;
  return (
    <div class="buttons">
      <IconButton
        icon="shuffle"
        label={texts.shuffle}
        aria-disabled={!canQueue}
        aria-pressed={shuffle}
        title={texts.shuffle}
        onClick={() => remote.shuffle(!shuffle)}
      />
      <IconButton
        icon="previous"
        label={texts.previous}
        aria-disabled={!plays}
        onClick={() => plays && remote.previous()}
      />
      <IconButton
        class="round main large"
        icon={plays && !isPaused ? "pause" : "play"}
        label={plays && !isPaused ? texts.pause : texts.play}
        aria-disabled={!plays && !app.library.songs.value?.length}
        onClick={() => app.toggle()}
      />
      <IconButton
        icon="next"
        label={texts.next}
        aria-disabled={!plays}
        onClick={() => plays && remote.next()}
      />
      <IconButton
        icon="repeat"
        label={texts.repeat[repeat]}
        aria-disabled={!canQueue}
        aria-pressed={repeat !== "off"}
        title={texts.repeat[repeat]}
        onClick={() => remote.repeat()}
      >
        {repeat === "one" && <span class="one" aria-hidden="true">1</span>}
      </IconButton>
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
      <IconButton
        icon={isMuted ? "mute" : "volume"}
        label={isMuted ? unmute : mute}
        aria-disabled={remote.group.value === null}
        onClick={() => remote.mute(!isMuted)}
      />
      <Slider
        aria-label={volume}
        max={100}
        step={1}
        value={remote.volume}
        of={remote.elsewhere.value?.group}
        onSlide={(percent) =>
          remote.elsewhere.peek() === null && remote.setVolume(percent)}
        onSettle={(percent) => remote.setVolume(percent)}
      />
    </div>
  );
}
