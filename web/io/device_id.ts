/**
 * The id by which the server recognises this browser after a restart. Tabs
 * that are open at the same time share a list of ids, and each claims the
 * first free one.
 *
 * @module
 */

import { randomUuid } from "./random_uuid.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** Ids that are stored; further tabs get a temporary one. */
const MOST_IDS = 32;
/** How long a tab may take to release its id, as at a reload. */
const LEAVING_MS = 500;
/** How long another tab may take to answer that it has an id. */
const ANSWER_MS = 150;
/** Name of the channel and the locks that tabs of one browser share. */
const AGREEMENT = "ondacast.device";
const OWN_NUMBER = "ondacast.device";

/**
 * Claims an id for as long as this tab is open.
 *
 * @param number Its place in the list, from 1.
 * @param before Whether this tab had it before, and may not have released it yet.
 */
type Claim = (number: number, before: boolean) => Promise<boolean>;

/** The id of this tab. */
export async function claimDeviceId(): Promise<string> {
  // Web Locks are missing on a page served over plain HTTP by another machine.
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

/** A tab asks for an id, or answers that it has it; `tab` is random. */
interface Message {
  number: number;
  tab: number;
  says: "mine?" | "mine";
}

/** Claims ids by asking all other tabs, and answers their claims. */
function claimByChannel(): Claim {
  const channel = new BroadcastChannel(AGREEMENT);
  const tab = Math.random();
  let wanted = 0;
  let isMine = false;
  let refused = () => {};
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.number !== wanted) return;
    if (data.says === "mine") refused();
    // If two tabs ask at once, one yields.
    else if (isMine || tab < data.tab) say("mine");
  };
  const say = (says: Message["says"]) => {
    const message: Message = { number: wanted, tab, says };
    channel.postMessage(message);
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
    // The next load claims the first free one.
  }
}
