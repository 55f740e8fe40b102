/**
 * The dialogs that ask for something: the token, a name, a delay; and the keys.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toOndacastError } from "../../lib/errors.ts";
import type { DeviceKind } from "../../lib/model/device_kind.ts";
import { checkDeviceName, withoutEnding } from "../../lib/model/song_name.ts";
import type { SongRow } from "../../lib/wire/messages.ts";
import type { App } from "../model/app.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icons.tsx";
import { KindSelect } from "./kind_select.tsx";
import { Name } from "./name.tsx";
import { renameSong } from "./song_changes.ts";
import { TypedInput } from "./typed_input.tsx";
import { TEXTS } from "../model/texts.ts";

/** Asks for the token of a server that has one. */
export function TokenDialog({ app }: { app: App }): JSX.Element | null {
  const connection = app.tab.connection.value;
  if (connection.state !== "locked") return null;
  const texts = TEXTS.lock;
  return (
    <Dialog title={texts.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          app.tab.unlock(String(form.get("token")), form.has("remember"));
        }}
      >
        <p>
          <Icon name="lock" /> {texts.explain}
        </p>
        <label class="field">
          <span>{texts.field}</span>
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
          <span>{texts.remember}</span>
        </label>
        {connection.message && (
          <p role="alert">
            <span class="problem">{texts.wrong}</span>
            <Name class="detail wrap" of={connection.message} />
          </p>
        )}
        {!globalThis.isSecureContext && <p class="detail wrap">{texts.open}</p>}
        <button type="submit" class="main">{texts.enter}</button>
      </form>
    </Dialog>
  );
}

interface Closable {
  app: App;
  onClose: () => void;
}

/** Asks for a text, and says why it cannot be taken. */
function TextDialog(
  { texts, value, maxLength, save, onClose, children }: {
    texts: Record<"title" | "explain" | "field" | "save" | "later", string>;
    value: string;
    maxLength: number;
    save: (text: string, form: FormData) => unknown;
    onClose: () => void;
    /** Fields besides. */
    children?: JSX.Element;
  },
): JSX.Element {
  const [problem, setProblem] = useState("");
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          try {
            await save(String(form.get("text")).trim(), form);
            onClose();
          } catch (error) {
            setProblem(toOndacastError(error).message);
          }
        }}
      >
        <p class="detail wrap">{texts.explain}</p>
        <label class="field">
          <span>{texts.field}</span>
          <input
            type="text"
            name="text"
            maxLength={maxLength}
            required
            autofocus
            // What was refused is there to be mended.
            defaultValue={value}
          />
        </label>
        {children}
        {problem && (
          <p class="problem" role="alert">
            <Name of={problem} />
          </p>
        )}
        <div class="actions">
          <button type="submit" class="main">{texts.save}</button>
          <button type="button" onClick={onClose}>{texts.later}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** Asks for the name and the kind under which others see this browser. */
export function NameDialog({ app: { tab }, onClose }: Closable): JSX.Element {
  return (
    <TextDialog
      texts={TEXTS.name}
      value={tab.name.peek()}
      maxLength={64}
      save={(name, form) => {
        tab.rename(checkDeviceName(name));
        tab.become(form.get("kind") as DeviceKind);
      }}
      onClose={onClose}
    >
      <label class="field">
        <span>{TEXTS.name.kind}</span>
        <KindSelect name="kind" value={tab.kind.peek()} />
      </label>
    </TextDialog>
  );
}

/** Asks for another name of a song, with its folder. */
export function RenameDialog(
  { app, song, onClose }: Closable & { song: SongRow },
): JSX.Element {
  return (
    <TextDialog
      texts={TEXTS.rename}
      value={withoutEnding(song.name)}
      maxLength={1024}
      save={(name) => renameSong(app, song, name)}
      onClose={onClose}
    />
  );
}

/** Sets how much earlier a device is fed. */
export function DelayDialog(
  { app, device: key, onClose }: Closable & { device: string },
): JSX.Element | null {
  const device = app.groups.of(key)?.devices.find((it) => it.key === key);
  useEffect(() => {
    // It would open by itself once the device is back.
    if (device === undefined) onClose();
  }, [device === undefined]);
  if (device === undefined) return null;
  const texts = TEXTS.rooms;
  return (
    <Dialog title={`${texts.delay}: ${device.name}`} onClose={onClose}>
      <p class="detail wrap">{texts.delayHint}</p>
      <label class="field">
        <span>{texts.delayUnit}</span>
        <TypedInput
          type="number"
          min="-2000"
          max="2000"
          step="10"
          value={device.delay}
          onChange={({ currentTarget }) => {
            if (!currentTarget.checkValidity()) return;
            app.actions.delay(device, currentTarget.valueAsNumber);
          }}
        />
      </label>
      <button type="button" onClick={onClose}>{TEXTS.dialog.close}</button>
    </Dialog>
  );
}

export function KeysDialog({ onClose }: Omit<Closable, "app">): JSX.Element {
  return (
    <Dialog title={TEXTS.keys.title} onClose={onClose}>
      <dl class="details keys">
        {TEXTS.keys.rows.map(([keys, what]) => (
          <>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </>
        ))}
      </dl>
      <button type="button" onClick={onClose}>{TEXTS.dialog.close}</button>
    </Dialog>
  );
}
