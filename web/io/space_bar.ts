/**
 * The space bar, which is the player's wherever the focus is. Buttons and the
 * switch have Enter.
 *
 * @module
 */

/** Inputs in which no text is written. */
const WITHOUT_TEXT = ["button", "checkbox", "file", "radio", "range"];

/** Calls back each time the space bar is pressed and means the player. */
export function onSpaceBar(act: () => void): void {
  document.addEventListener("keydown", (event) => {
    if (!isPlayers(event)) return;
    event.preventDefault();
    if (!event.repeat) act();
  });
  // Browsers press a button when the key is let go.
  document.addEventListener("keyup", (event) => {
    if (isPlayers(event)) event.preventDefault();
  });
}

function isPlayers(event: KeyboardEvent): boolean {
  const { key, target, altKey, ctrlKey, metaKey, isComposing } = event;
  if (key !== " " || altKey || ctrlKey || metaKey || isComposing) return false;
  if (!(target instanceof HTMLElement)) return true;
  // A dialog asks something, and what is behind it cannot be reached.
  if (document.querySelector("dialog[open]")) return false;
  if (target instanceof HTMLInputElement) {
    return WITHOUT_TEXT.includes(target.type);
  }
  return !target.isContentEditable && !(target instanceof HTMLTextAreaElement);
}
