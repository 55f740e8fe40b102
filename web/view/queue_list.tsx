/**
 * The queue of the output: what follows, to be played, moved and removed by keys,
 * menus and dragging.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { songProblem } from "../../lib/model/song_problem.ts";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import type { EntryRow } from "../model/group_queue.ts";
import type { MenuItem } from "../model/overlays.ts";
import { describe } from "../model/remote.ts";
import { timeText } from "../model/words.ts";
import { useKeptFocus } from "./kept_focus.ts";
import { MenuButton } from "./menu.tsx";
import { Name } from "./name.tsx";
import { More } from "./seen.tsx";
import { TEXTS } from "../model/texts.ts";

/** Media type of a dragged entry. */
const ENTRY_DRAG = "application/x-ondacast-entry";

export function QueueList({ app }: { app: App }): JSX.Element {
  const { queue, remote } = app;
  const group = remote.group.value?.group ?? null;
  const list = useKeptFocus<HTMLOListElement>();
  useEffect(() => {
    queue.show(group);
    return () => queue.show(null);
  }, [group]);
  const page = queue.page.value;
  const entries = page?.entries ?? [];
  const at = entries.findIndex(({ entry }) => entry === page?.playing);
  const rows = entries.slice(Math.max(0, at));
  return (
    <section class="queue" aria-label={TEXTS.player.queue}>
      <div class="section-head">
        <h2>{TEXTS.queue.title}</h2>
        {rows.length > 0 && (
          <button
            type="button"
            aria-disabled={rows.length < 2}
            onClick={() => rows.length > 1 && queue.clear()}
          >
            {TEXTS.queue.clear}
          </button>
        )}
      </div>
      {rows.length === 0 && (page || group === null) && (
        <p class="detail">{TEXTS.queue.empty}</p>
      )}
      <ol ref={list} aria-description={TEXTS.queue.keys}>
        {rows.map((row) => (
          <Entry
            key={row.entry}
            app={app}
            row={row}
            all={rows}
            isHere={row.entry === page?.playing}
          />
        ))}
      </ol>
      {page?.hasMore && <More of={page} onMore={() => queue.more()} />}
    </section>
  );
}

interface EntryProps {
  app: App;
  row: EntryRow;
  /** Those that are shown, in order. */
  all: readonly EntryRow[];
  isHere: boolean;
}

function Entry(props: EntryProps): JSX.Element {
  const { app, row, isHere } = props;
  const [over, setOver] = useState(false);
  const { entry, song, seconds } = row;
  const detail = row.problem === undefined ? row.artist : songProblem(row);
  const known = app.library.named(song);
  const title = known ? describe(song, known).title : row.title;
  const label = safeText(title);
  return (
    <li
      class={`entry ${isHere ? "here" : ""} ${over ? "over" : ""}`}
      aria-current={isHere}
      draggable={!isHere}
      onDragStart={({ dataTransfer }) =>
        dataTransfer?.setData(ENTRY_DRAG, String(entry))}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes(ENTRY_DRAG)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const moved = Number(event.dataTransfer?.getData(ENTRY_DRAG));
        if (!moved || moved === entry) return;
        event.preventDefault();
        const at = props.all.indexOf(row);
        // Downwards it takes the place of this one, which moves up.
        const isDown = props.all.findIndex((it) => it.entry === moved) < at;
        app.queue.move(
          [moved],
          isDown || isHere ? props.all[at + 1]?.entry : entry,
        );
      }}
      onKeyDown={(event) => {
        const act = keysOf(props)[`${event.altKey ? "Alt+" : ""}${event.key}`];
        if (act === undefined) return;
        event.preventDefault();
        act();
      }}
    >
      <button
        type="button"
        class="whole"
        aria-label={TEXTS.queue.jump(label)}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
        onClick={() => {
          const group = app.remote.group.peek();
          if (group) {
            app.actions.control(group, { action: "jump", value: entry });
          }
        }}
      >
        <span class="about">
          <Name class="title" of={title} />
          {detail !== undefined && <Name class="detail" of={detail} />}
        </span>
      </button>
      <span class="time">{seconds === null ? "" : timeText(seconds)}</span>
      <MenuButton
        app={app}
        label={TEXTS.queue.more(label)}
        title={title}
        items={() => menuOf(props)}
      />
    </li>
  );
}

/** How an entry is moved and removed; undefined: it cannot be, there. */
function movesOf({ app, row, all, isHere }: EntryProps) {
  const { queue } = app;
  const at = all.findIndex(({ entry }) => entry === row.entry);
  const move = (before: EntryRow | undefined) => () =>
    queue.move([row.entry], before?.entry);
  return {
    top: at > 1 && !isHere ? move(all[1]) : undefined,
    up: at > 1 ? move(all[at - 1]) : undefined,
    down: at >= 0 && at + 1 < all.length && !isHere
      ? move(all[at + 2])
      : undefined,
    last: at + 1 < all.length && !isHere ? move(undefined) : undefined,
    remove: () => queue.remove([row.entry]),
  };
}

function keysOf(props: EntryProps): Record<string, (() => void) | undefined> {
  const { up, down, remove } = movesOf(props);
  return { "Alt+ArrowUp": up, "Alt+ArrowDown": down, Delete: remove };
}

function menuOf(props: EntryProps): MenuItem[] {
  const moves = movesOf(props);
  const texts = TEXTS.queue;
  return (["top", "up", "down", "last", "remove"] as const)
    .filter((name) => moves[name] !== undefined)
    .map((name) => ({ label: texts[name], act: moves[name]! }));
}
