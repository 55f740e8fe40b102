/**
 * Keeps the screen on while music plays here, where the browser can do that:
 * browsers stop the network of a sleeping phone. Plain HTTP pages cannot.
 *
 * @module
 */

/** @param watch Calls back with whether the screen is to stay on, at each change. */
export function keepAwake(watch: (set: (on: boolean) => void) => void): void {
  const { wakeLock } = navigator;
  if (!wakeLock) return;
  let wanted = false;
  let held: Promise<WakeLockSentinel | null> | null = null;
  const update = () => {
    if (wanted && held === null && !document.hidden) {
      // It is refused when the battery is low, or the page hidden meanwhile.
      const asked = held = wakeLock.request("screen").catch(() => null);
      const lost = () => {
        if (held === asked) held = null;
      };
      asked.then((lock) =>
        lock ? lock.addEventListener("release", lost) : lost()
      );
    } else if (!wanted && held !== null) {
      held.then((lock) => lock?.release());
      held = null;
    }
  };
  watch((on) => {
    wanted = on;
    update();
  });
  // A hidden page has lost its lock.
  document.addEventListener("visibilitychange", update);
}
