/**
 * Keys that control the player wherever the focus is, except in a text field and
 * while a dialog is open. Space is one of them: buttons and the switch react to
 * Enter.
 *
 * @module
 */

/** Types of inputs that accept no text. */
const WITHOUT_TEXT = ["button", "checkbox", "file", "radio", "range"];

/** Calls back each time one of these keys is pressed, by `KeyboardEvent.key`. */
export function onKeys(acts: Readonly<Record<string, () => void>>): void {
  document.addEventListener("keydown", (event) => {
    if (!Object.hasOwn(acts, event.key) || !isPlayers(event)) return;
    event.preventDefault();
    if (!event.repeat) acts[event.key]();
  });
  // Browsers activate a button on keyup.
  document.addEventListener("keyup", (event) => {
    if (event.key === " " && isPlayers(event)) event.preventDefault();
  });
}

function isPlayers(event: KeyboardEvent): boolean {
  const { target, altKey, ctrlKey, metaKey, isComposing } = event;
  if (altKey || ctrlKey || metaKey || isComposing) return false;
  if (!(target instanceof HTMLElement)) return true;
  if (document.querySelector("dialog[open]")) return false;
  // It is how a row is selected.
  if (event.key === " " && target.matches(".pick")) return false;
  if (target instanceof HTMLInputElement) {
    return WITHOUT_TEXT.includes(target.type);
  }
  return !target.isContentEditable &&
    !(target instanceof HTMLTextAreaElement) &&
    !(target instanceof HTMLSelectElement);
}
