/**
 * Keys that control the player wherever the focus is, except in a text field and
 * while a dialog is open other than the screen of the playing song. Space is one of
 * them: buttons and the switch react to Enter.
 *
 * @module
 */

/** Types of inputs that accept no text. */
const WITHOUT_TEXT = ["button", "checkbox", "file", "radio", "range"];

/**
 * Calls back each time one of these keys is pressed.
 *
 * @param acts By `KeyboardEvent.key`, after `Ctrl+` if that or Command is held.
 */
export function onKeys(acts: Readonly<Record<string, () => void>>): void {
  document.addEventListener("keydown", (event) => {
    const name = nameOf(event);
    if (!Object.hasOwn(acts, name) || !isPlayers(event)) return;
    event.preventDefault();
    if (!event.repeat) acts[name]();
  });
  // Browsers activate a button on keyup.
  document.addEventListener("keyup", (event) => {
    if (nameOf(event) === " " && isPlayers(event)) event.preventDefault();
  });
}

function nameOf({ key, ctrlKey, metaKey }: KeyboardEvent): string {
  return `${ctrlKey || metaKey ? "Ctrl+" : ""}${key}`;
}

function isPlayers(event: KeyboardEvent): boolean {
  const { target, altKey, isComposing } = event;
  if (altKey || isComposing) return false;
  if (!(target instanceof HTMLElement)) return true;
  // Escape closes that screen, too.
  const others = event.key === "Escape" ? "" : ":not(.playing)";
  if (document.querySelector(`dialog[open]${others}`)) return false;
  // It is how a row is selected.
  if (event.key === " " && target.matches(".pick")) return false;
  if (target instanceof HTMLInputElement) {
    return WITHOUT_TEXT.includes(target.type);
  }
  return !target.isContentEditable &&
    !(target instanceof HTMLTextAreaElement) &&
    !(target instanceof HTMLSelectElement);
}
