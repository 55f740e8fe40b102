/**
 * The dialogs: for the server's token, and for the device on which to play a song.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { safeText } from "../../lib/safe_text.ts";
import type { App } from "../model/app.ts";
import { titleOf } from "../model/words.ts";
import { Icon } from "./icons.tsx";
import { Name } from "./name.tsx";

/** A dialog that is open as long as it is mounted. */
function Dialog(
  { title, onClose, children }: {
    title: string;
    /** Without it, the dialog cannot be closed. */
    onClose?: () => void;
    children: ComponentChildren;
  },
): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current!;
    dialog.showModal();
    // Unmounting alone would not return the focus.
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={ref}
      aria-label={safeText(title)}
      onCancel={(event) => {
        if (!onClose) event.preventDefault();
      }}
      // Browsers close it at a second Esc even if that is prevented.
      onClose={() => {
        if (ref.current === null) return; // already unmounted
        if (onClose) onClose();
        else ref.current.showModal();
      }}
      onClick={(event) => {
        if (event.target === ref.current) onClose?.();
      }}
    >
      <div class="inside">
        <h2>{safeText(title)}</h2>
        {children}
      </div>
    </dialog>
  );
}

/** Asks for the token of a server that has one. */
export function TokenDialog({ app }: { app: App }): JSX.Element | null {
  const connection = app.tab.connection.value;
  if (connection.state !== "locked") return null;
  return (
    <Dialog title="This server requires a token">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          app.tab.unlock(String(form.get("token")), form.has("remember"));
        }}
      >
        <p>Ask the person who runs the server.</p>
        <label class="field">
          <span>Token</span>
          <input
            type="password"
            name="token"
            autocomplete="current-password"
            maxLength={1024}
            required
            autofocus
          />
        </label>
        <label class="check">
          <input type="checkbox" name="remember" />
          <span>Remember it in this browser</span>
        </label>
        {connection.message && (
          <p class="problem" role="alert">
            <Name of={connection.message} />
          </p>
        )}
        {!isPrivate() && (
          <p class="detail">
            This connection is not encrypted: anyone who can read your network
            traffic can read the token.
          </p>
        )}
        <button type="submit" class="main">Enter</button>
      </form>
    </Dialog>
  );
}

function isPrivate(): boolean {
  return globalThis.isSecureContext;
}

/** Asks on which device to play a song. */
export function CastDialog({ app }: { app: App }): JSX.Element | null {
  const song = app.castSong.value;
  if (song === null) return null;
  const close = () => app.castSong.value = null;
  const receivers = app.devices.receivers.value;
  return (
    <Dialog title={`Play ${titleOf(song)} on`} onClose={close}>
      <ul class="choices">
        <li>
          <button
            type="button"
            onClick={() => {
              close();
              app.play(song);
            }}
          >
            <Icon name="device" />
            <span class="title">This browser</span>
          </button>
        </li>
        {receivers.map((client) => (
          <li key={client.key}>
            <button
              type="button"
              onClick={() => {
                close();
                app.devices.cast(song, client);
              }}
            >
              <Icon name="device" />
              <span class="title">
                <Name of={client.name} />
              </span>
              <span class="detail">
                <Name of={client.id} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {receivers.length === 0 && (
        <p class="detail">
          No other device accepts songs. Open this page on one, or run{" "}
          <code>ondacast receive</code> there.
        </p>
      )}
      <button type="button" onClick={close}>Cancel</button>
    </Dialog>
  );
}
