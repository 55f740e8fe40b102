/**
 * The page's entry point.
 *
 * @module
 */

import { render } from "preact";
import { keepShell } from "./io/keep_shell.ts";
import { onKeys } from "./io/keys.ts";
import { keepAwake } from "./io/wake_lock.ts";
import { App } from "./model/app.ts";
import { undo } from "./model/notices.ts";
import { effect } from "./model/signals.ts";
import { Page } from "./view/page.tsx";

const app = new App();
render(<Page app={app} />, document.getElementById("page")!);

keepShell();
const { player, remote, overlays, picked } = app;
keepAwake((set) =>
  effect(() => set(player.song.value !== null && !player.paused.value))
);
onKeys({
  " ": () => app.toggle(),
  n: () => remote.song.peek() !== null && remote.next(),
  p: () => remote.song.peek() !== null && remote.previous(),
  m: () => remote.mute(!remote.isMuted),
  "/": () => document.querySelector<HTMLElement>("[type=search]")?.focus(),
  Escape: () => picked.end(),
  "Ctrl+z": undo,
  "?": () => overlays.show({ kind: "keys" }),
});
