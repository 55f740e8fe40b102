/**
 * The space bar controls the player wherever the focus is. Buttons and the
 * switch react to Enter.
 *
 * @module
 */

/** Types of inputs that accept no text. */
const WITHOUT_TEXT = ["button", "checkbox", "file", "radio", "range"];

/** Calls back each time the space bar is pressed for the player. */
export function onSpaceBar(act: () => void): void {
  document.addEventListener("keydown", (event) => {
    if (!isPlayers(event)) return;
    event.preventDefault();
    if (!event.repeat) act();
  });
  // Browsers activate a button on keyup.
  document.addEventListener("keyup", (event) => {
    if (isPlayers(event)) event.preventDefault();
  });
}

function isPlayers(event: KeyboardEvent): boolean {
  const { key, target, altKey, ctrlKey, metaKey, isComposing } = event;
  if (key !== " " || altKey || ctrlKey || metaKey || isComposing) return false;
  if (!(target instanceof HTMLElement)) return true;
  // While a dialog is open, the player cannot be controlled.
  if (document.querySelector("dialog[open]")) return false;
  if (target instanceof HTMLInputElement) {
    return WITHOUT_TEXT.includes(target.type);
  }
  return !target.isContentEditable && !(target instanceof HTMLTextAreaElement);
}
