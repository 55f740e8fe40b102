/**
 * Installing the page as an app, where the browser offers that: Chromium does, if
 * the connection is encrypted. Others have it in their menus alone.
 *
 * @module
 */

// Not in TypeScript's DOM types (Manifest Incubations, section 1.2).
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

/**
 * Whether the page is installed by the share menu: on iPhones and iPads, whose
 * browsers alone know whether it is `standalone`.
 */
export function isInstalledByMenu(): boolean {
  return (navigator as { standalone?: boolean }).standalone === false;
}

/** @param offer Called with what installs the page; null: nothing does any more. */
export function onInstallable(
  offer: (install: (() => void) | null) => void,
): void {
  addEventListener("beforeinstallprompt", (event) => {
    // The browser's own bar would lie over the player.
    event.preventDefault();
    offer(() => {
      offer(null); // An event prompts once.
      (event as InstallEvent).prompt();
    });
  });
  addEventListener("appinstalled", () => offer(null));
}
