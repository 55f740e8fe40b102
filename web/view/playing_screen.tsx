/**
 * The playing song on the whole screen, with what follows.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { describeFormat } from "../../lib/audio/format.ts";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import { bytesText } from "../model/words.ts";
import { Dialog } from "./dialog.tsx";
import { IconButton } from "./icon_button.tsx";
import { Icon } from "./icons.tsx";
import { useKeptFocus } from "./kept_focus.ts";
import { MenuButton } from "./menu.tsx";
import { Name } from "./name.tsx";
import { Notices } from "./notices.tsx";
import { OutputChip } from "./output_picker.tsx";
import { NowDetail, SongArt } from "./player_bar.tsx";
import { QueueList } from "./queue_list.tsx";
import { Seek } from "./seek.tsx";
import { songMenu } from "./song_menu.ts";
import { TEXTS } from "../model/texts.ts";
import { Transport, Volume } from "./transport.tsx";

export function PlayingScreen(
  { app, onClose }: { app: App; onClose: () => void },
): JSX.Element {
  const [hasDetails, setDetails] = useState(false);
  const top = useKeptFocus<HTMLDivElement>();
  const texts = TEXTS.player;
  const shown = app.remote.shown;
  const row = shown && app.library.named(shown.song);
  return (
    <Dialog title={texts.label} kind="playing" onClose={onClose} isBare>
      <div ref={top} class="top">
        <IconButton
          icon="down"
          label={texts.close}
          onClick={onClose}
        />
        <OutputChip app={app} />
        {row
          ? (
            <MenuButton
              app={app}
              label={TEXTS.play.more(safeText(shown.title))}
              title={shown.title}
              items={() => songMenu(app, row)}
            />
          )
          : <span class="gap" />}
      </div>
      <div class="stage">
        {shown
          ? <SongArt app={app} song={shown.song} size={512} />
          : (
            <span class="art" aria-hidden="true">
              <Icon name="song" />
            </span>
          )}
        <div class="about">
          <span class="title">
            {shown ? <Name of={shown.title} /> : texts.nothing}
          </span>
          <span class="detail">
            {shown
              ? <NowDetail app={app} artist={shown.artist} />
              : texts.choose}
          </span>
        </div>
        <Seek app={app} />
        <Transport app={app} />
        <div class="below">
          <Volume app={app} />
          <IconButton
            icon="info"
            label={texts.details}
            aria-expanded={hasDetails}
            onClick={() => setDetails(!hasDetails)}
          />
        </div>
        {hasDetails && <Details app={app} />}
      </div>
      <QueueList app={app} />
      <Notices app={app} isOver />
    </Dialog>
  );
}

/** Facts of the stream that few need. */
function Details({ app }: { app: App }): JSX.Element {
  const { player, remote, library } = app;
  const texts = TEXTS.player;
  const state = remote.elsewhere.value === null
    ? player.now.value?.state ?? null
    : null;
  const song = remote.song.value;
  const format = state?.format ?? (song && library.named(song)?.format) ?? null;
  const rows = [
    [texts.format, format ? describeFormat(format) : "–"],
    ...state
      ? [
        [texts.buffer, `${state.bufferedSeconds.toFixed(1)} s`],
        [texts.gaps, String(state.underruns)],
        [texts.rate, `${bytesText(player.dataRate.perSecond.value)}/s`],
      ]
      : [],
  ];
  return (
    <dl class="details">
      {rows.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}
