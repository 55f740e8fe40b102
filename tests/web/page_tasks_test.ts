import assert from "node:assert/strict";
import type { GroupRow } from "../../lib/client/group_list.ts";
import {
  becomes,
  browserTest,
  type Page,
  PageServer,
} from "../support/browser.ts";
import { CD, noise, wavFile } from "../support/memory_songs.ts";
import { obedientDevice } from "../support/obedient_device.ts";

const MUSIC = Object.fromEntries(
  ["Days/1 Dawn", "Days/2 Noon", "Days/3 Dusk", "Nights/1 Moon"].map((
    name,
    i,
  ) => [`${name}.wav`, wavFile(CD, noise(CD.rate * 4 * 60, i))]),
);

type Locator = ReturnType<Page["locator"]>;

/** Controls on the way to any other, at most. */
const MOST_TABS = 100;

/** Someone who finds things by what is written on them, or said of them. */
abstract class Person {
  readonly page: Page;
  /** Uses of the page; a word typed or a slider moved is one. */
  taps = 0;

  constructor(page: Page) {
    this.page = page;
  }

  /** What is in front: the dialog that is open, or the page. */
  get #front() {
    return this.page.locator("dialog[open], body:not(:has(dialog[open]))")
      .last();
  }

  async tap(role: "button" | "link", name: string | RegExp): Promise<void> {
    const target = typeof name === "string"
      ? this.#front.getByRole(role, { name, exact: true })
      : this.#front.getByRole(role, { name });
    await this.press(target.first());
    this.taps++;
  }

  async write(label: string, text: string): Promise<void> {
    await this.type(this.page.getByLabel(label), text);
    this.taps++;
  }

  async set(slider: RegExp, percent: number): Promise<void> {
    const target = this.#front.getByRole("slider", { name: slider });
    await this.slide(target.first(), percent);
    this.taps++;
  }

  /** Waits until something in front says this. */
  sees(text: string | RegExp): Promise<void> {
    return this.#front.getByText(text).filter({ visible: true }).first()
      .waitFor();
  }

  protected abstract press(target: Locator): Promise<void>;
  protected abstract type(target: Locator, text: string): Promise<void>;
  protected abstract slide(target: Locator, percent: number): Promise<void>;
}

class Finger extends Person {
  protected press(target: Locator): Promise<void> {
    return target.tap();
  }

  protected type(target: Locator, text: string): Promise<void> {
    return target.fill(text);
  }

  protected slide(target: Locator, percent: number): Promise<void> {
    return target.fill(String(percent));
  }
}

/** Someone without a pointer, who goes from control to control. */
class Keyboard extends Person {
  protected async press(target: Locator): Promise<void> {
    await this.#goTo(target);
    await this.page.keyboard.press("Enter");
  }

  protected async type(target: Locator, text: string): Promise<void> {
    await this.#goTo(target);
    await this.page.keyboard.type(text);
  }

  protected async slide(target: Locator, percent: number): Promise<void> {
    await this.#goTo(target);
    await this.page.keyboard.press("Home");
    // A tenth each, in all browsers.
    for (let at = 0; at < percent; at += 10) {
      await this.page.keyboard.press("PageUp");
    }
  }

  async #goTo(target: Locator): Promise<void> {
    await target.waitFor();
    for (let i = 0; i < MOST_TABS; i++) {
      const isThere = await target.evaluate((it) =>
        it === it.ownerDocument.activeElement
      );
      if (isThere) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Cannot reach ${target} by the keyboard`);
  }
}

interface Task {
  name: string;
  /** The most taps. */
  taps: number;
  does(hand: Person): Promise<void>;
  /** What the server knows of the group then. */
  effect?(group: GroupRow): boolean;
}

/** Each begins where the one before ended, as a day does. */
const TASKS: Task[] = [
  {
    name: "play an album in the kitchen",
    taps: 3,
    async does(hand) {
      await hand.tap("button", /Choose where to play/);
      await hand.tap("button", /^Kitchen/);
      await hand.tap("button", "Play Days");
      await hand.sees("1 Dawn");
    },
  },
  {
    name: "pause, and go on",
    taps: 2,
    async does(hand) {
      await hand.tap("button", "Pause");
      await hand.tap("button", "Play");
    },
  },
  {
    name: "look for a song, and let it play next",
    taps: 4,
    async does(hand) {
      await hand.tap("link", "Search");
      await hand.write("Search songs", "moon");
      await hand.tap("button", "More for 1 Moon");
      await hand.tap("button", "Play next");
    },
  },
  {
    name: "go to the next song",
    taps: 2,
    async does(hand) {
      await hand.tap("button", /1 Dawn/);
      await hand.tap("button", "Next song");
      await hand.sees("1 Moon");
    },
  },
  {
    name: "make it quieter",
    taps: 1,
    async does(hand) {
      await hand.set(/Volume/, 30);
    },
    effect: ({ volume }) => volume === 30,
  },
  {
    name: "take a song out of what is up next",
    taps: 2,
    async does(hand) {
      await hand.tap("button", "More for 3 Dusk in the queue");
      await hand.tap("button", "Remove from queue");
    },
  },
  {
    name: "repeat all",
    taps: 1,
    async does(hand) {
      await hand.tap("button", "Repeat: off");
    },
    effect: ({ repeat }) => repeat === "all",
  },
  {
    name: "take the music along to the bath",
    taps: 2,
    async does(hand) {
      await hand.tap("button", /Choose where to play/);
      await hand.tap("button", /^Bath/);
      await hand.sees("Bath");
    },
    effect: ({ name, state }) => name === "Bath" && state === "playing",
  },
  {
    name: "let the kitchen play along",
    taps: 4,
    async does(hand) {
      await hand.tap("button", "Close");
      await hand.tap("link", "Rooms");
      await hand.tap("button", "More for Bath");
      await hand.tap("button", "Kitchen");
      await hand.sees(/Bath.*Kitchen|Kitchen.*Bath/);
    },
  },
  {
    name: "stop everything, wherever it plays",
    taps: 1,
    async does(hand) {
      await hand.tap("button", /^Stop/);
    },
  },
];

for (const Kind of [Finger, Keyboard]) {
  browserTest(
    `ten tasks of a household take no more than promised, by words alone: ${Kind.name}`,
    async (browser) => {
      await using server = await PageServer.start(MUSIC);
      const devices = await Promise.all(
        ["Kitchen", "Bath"].map((name) =>
          obedientDevice(server.ports.session, name)
        ),
      );
      const page = await browser.open(server.root, {
        viewport: { width: 390, height: 844 },
        hasTouch: Kind === Finger,
      });
      const [kitchen] = devices;
      for (const { name, taps, does, effect } of TASKS) {
        const hand = new Kind(page);
        await does(hand).catch((cause) => {
          throw new Error(`Cannot ${name}`, { cause });
        });
        assert.ok(hand.taps <= taps, `${name}: ${hand.taps} taps`);
        const has = async () => {
          const { groups } = await kitchen.request({ type: "groups" });
          return groups!.some((group) => effect!(group));
        };
        if (effect) await becomes(has, true);
      }
      for (const device of devices) device.close();
    },
  );
}
