import assert from "node:assert/strict";

// Not by its name: its types are those of a browser.
const MODULE: string = "../../../web/io/wake_lock.ts";
const { keepAwake } = await import(MODULE);

/** Locks of a screen, each granted and released by the test. */
class Screen {
  readonly asked: PromiseWithResolvers<EventTarget>[] = [];
  held = 0;

  request(): Promise<EventTarget> {
    const asked = Promise.withResolvers<EventTarget>();
    this.asked.push(asked);
    return asked.promise;
  }

  async grant(): Promise<EventTarget> {
    this.held++;
    const lock = Object.assign(new EventTarget(), {
      // Its event comes a moment later.
      release: () => this.held--,
    });
    this.asked.at(-1)!.resolve(lock);
    await new Promise((resolve) => setTimeout(resolve));
    return lock;
  }
}

const page = Object.assign(new EventTarget(), { hidden: false });

/** @returns Says whether the screen is to stay on. */
function awake(screen: Screen): (on: boolean) => void {
  Object.defineProperty(globalThis, "document", {
    ...{ value: page, configurable: true },
  });
  Object.defineProperty(navigator, "wakeLock", {
    ...{ value: screen, configurable: true },
  });
  let set: (on: boolean) => void = () => {};
  keepAwake((it: typeof set) => set = it);
  return set;
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("keepAwake() releases the lock of a song that begins while that of the last one ends", async () => {
  const screen = new Screen();
  const set = awake(screen);
  set(true);
  const first = await screen.grant();
  set(false);
  set(true);
  await screen.grant();
  first.dispatchEvent(new Event("release"));
  set(false);
  await settled();
  assert.equal(screen.held, 0);
});

Deno.test("keepAwake() asks again for a lock that was refused, at the next change", async () => {
  const screen = new Screen();
  const set = awake(screen);
  set(true);
  screen.asked[0].reject(new Error("hidden"));
  await settled();
  page.dispatchEvent(new Event("visibilitychange"));
  assert.equal(screen.asked.length, 2);
});
