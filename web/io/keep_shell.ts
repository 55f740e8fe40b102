/**
 * Keeps the page's files in the browser, where it allows that: over plain HTTP from
 * another machine it does not, and a certificate must be one that it trusts.
 *
 * @module
 */

export function keepShell(): void {
  // It waits for the page, which is loaded with the same connection.
  addEventListener("load", () => {
    navigator.serviceWorker
      ?.register("/service_worker.js", { updateViaCache: "none" })
      .catch(() => {}); // The page needs its server, then.
  });
}
