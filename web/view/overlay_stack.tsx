/**
 * What lies over the page, one above the other.
 *
 * @module
 */

import type { JSX } from "preact";
import type { App } from "../model/app.ts";
import type { Overlay } from "../model/overlays.ts";
import {
  DelayDialog,
  KeysDialog,
  NameDialog,
  RenameDialog,
} from "./dialogs.tsx";
import { Menu } from "./menu.tsx";
import { OutputPicker, PlayOn } from "./output_picker.tsx";
import { PlayingScreen } from "./playing_screen.tsx";

export function OverlayStack({ app }: { app: App }): JSX.Element {
  return (
    <>
      {app.overlays.open.value.map((overlay, i) => (
        <Shown key={i} app={app} overlay={overlay} />
      ))}
    </>
  );
}

function Shown(
  { app, overlay }: { app: App; overlay: Overlay },
): JSX.Element | null {
  const props = { app, onClose: () => app.overlays.close(overlay) };
  switch (overlay.kind) {
    case "output":
      return <OutputPicker {...props} />;
    case "playOn":
      return <PlayOn {...props} choice={overlay.choice} />;
    case "playing":
      return <PlayingScreen {...props} />;
    case "menu":
      return <Menu menu={overlay} onClose={props.onClose} />;
    case "delay":
      return <DelayDialog {...props} device={overlay.device} />;
    case "rename":
      return <RenameDialog {...props} song={overlay.song} />;
    case "name":
      return <NameDialog {...props} />;
    case "keys":
      return <KeysDialog onClose={props.onClose} />;
  }
}
