/**
 * The id by which the server knows this browser again after a restart. Tabs
 * that are open together share a row of ids, and each claims the first that
 * is free.
 *
 * @module
 */

import { randomUuid } from "./random_uuid.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** Ids that are remembered; a tab beyond them has one for this once. */
const MOST_IDS = 32;
/** How long a tab may take to let go of its id, as at a reload. */
const LEAVING_MS = 500;
/** How long another tab may take to say that it has an id. */
const ANSWER_MS = 150;
/** What tabs of one browser agree by. */
const AGREEMENT = "ondacast.device";
const OWN_NUMBER = "ondacast.device";

/**
 * Claims an id for as long as this tab is open.
 *
 * @param number Its place in the row, from 1.
 * @param before Whether this tab has had it, and may be letting go of it still.
 */
type Claim = (number: number, before: boolean) => Promise<boolean>;

/** The id of this tab. */
export async function claimDeviceId(): Promise<string> {
  // A page over plain HTTP from another machine has no locks.
  const claim = navigator.locks ? claimByLock : claimByChannel();
  const own = readOwnNumber();
  const others = Array.from({ length: MOST_IDS }, (_, i) => i + 1);
  for (const number of own === null ? others : [own, ...others]) {
    if (!await claim(number, number === own)) continue;
    writeOwnNumber(number);
    return idOf(number);
  }
  return randomUuid();
}

function idOf(number: number): string {
  const known = readSetting(`device.${number}`);
  if (known) return known;
  const id = randomUuid();
  writeSetting(`device.${number}`, id);
  return id;
}

const claimByLock: Claim = (number, before) =>
  new Promise((resolve) => {
    const options: LockOptions = before
      ? { signal: AbortSignal.timeout(LEAVING_MS) }
      : { ifAvailable: true };
    navigator.locks.request(`${AGREEMENT}.${number}`, options, (lock) => {
      resolve(lock !== null);
      // Held until the tab is closed.
      return lock === null ? undefined : new Promise(() => {});
    }).catch(() => resolve(false));
  });

/** A tab asks for an id, or says that it has it; `tab` is random. */
interface Word {
  number: number;
  tab: number;
  says: "mine?" | "mine";
}

/** Claims by asking all other tabs, and answers them from then on. */
function claimByChannel(): Claim {
  const channel = new BroadcastChannel(AGREEMENT);
  const tab = Math.random();
  let wanted = 0;
  let isMine = false;
  let refused = () => {};
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.number !== wanted) return;
    if (data.says === "mine") refused();
    // Of two that ask at once, one gives way.
    else if (isMine || tab < data.tab) say("mine");
  };
  const say = (says: Word["says"]) => {
    const word: Word = { number: wanted, tab, says };
    channel.postMessage(word);
  };
  return async (number) => {
    wanted = number;
    isMine = await new Promise<boolean>((resolve) => {
      refused = () => resolve(false);
      setTimeout(() => resolve(true), ANSWER_MS);
      say("mine?");
    });
    return isMine;
  };
}

function readOwnNumber(): number | null {
  try {
    return Number(sessionStorage.getItem(OWN_NUMBER)) || null;
  } catch {
    return null;
  }
}

function writeOwnNumber(number: number): void {
  try {
    sessionStorage.setItem(OWN_NUMBER, String(number));
  } catch {
    // The next load takes the first that is free.
  }
}
