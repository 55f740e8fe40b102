/**
 * The id by which the server recognises this browser after a restart. Tabs
 * that are open at the same time share a list of ids, and each claims the
 * first free one.
 *
 * @module
 */

import { type Claim as Said, IdClaims } from "./id_claims.ts";
import { randomUuid } from "./random_uuid.ts";
import { readSetting, writeSetting } from "./settings.ts";

/** Ids that are stored; further tabs get a temporary one. */
const MOST_IDS = 32;
/** How long a tab may take to release its id, as at a reload. */
const LEAVING_MS = 500;
/**
 * How long another tab may take to answer that it has an id, before it is
 * disturbed: it is a moment without a connection then, and keeps the id.
 */
const ANSWER_MS = 150;
/** Name of the channel and the locks that tabs of one browser share. */
const AGREEMENT = "ondacast.device";
const OWN_NUMBER = "ondacast.device";

export interface DeviceId {
  id: string;
  /** Its place in the list, from 1. */
  number: number;
}

/** Notified where tabs have found late that they have the same id. */
export interface DeviceIdListener {
  /** This one gets another id. */
  moved(id: Promise<DeviceId>): void;
  /** The other one does. */
  kept(): void;
}

/**
 * Claims an id for as long as this tab is open.
 *
 * @param number Its place in the list, from 1.
 * @param before Whether this tab had it before, and may not have released it yet.
 */
type Claim = (number: number, before: boolean) => Promise<boolean>;

/** The id of this tab. */
export function claimDeviceId(listener: DeviceIdListener): Promise<DeviceId> {
  const own = readOwnNumber();
  const numbers = Array.from({ length: MOST_IDS }, (_, i) => i + 1);
  if (own !== null) numbers.unshift(own);
  const next = async (): Promise<DeviceId> => {
    for (let number; (number = numbers.shift());) {
      if (!await claim(number, number === own)) continue;
      writeOwnNumber(number);
      return { id: idOf(number), number };
    }
    return { id: randomUuid(), number: MOST_IDS + 1 };
  };
  // Web Locks are missing on a page served over plain HTTP by another machine.
  const claim = navigator.locks ? claimByLock : claimByChannel({
    kept: () => listener.kept(),
    lost: () => listener.moved(next()),
  });
  return next();
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

/** Claims ids by telling all other tabs. */
function claimByChannel(
  { kept, lost }: { kept: () => void; lost: () => void },
): Claim {
  const channel = new BroadcastChannel(AGREEMENT);
  /** Null: nothing is claimed that is not certain yet. */
  let decide: ((isMine: boolean) => void) | null = null;
  const claims = new IdClaims(`${Date.now()} ${randomUuid()}`, {
    say: (claim) => channel.postMessage(claim),
    refused() {
      claims.claim(null);
      if (decide) decide(false);
      else lost();
    },
    kept,
  });
  channel.onmessage = ({ data }: MessageEvent<Said>) => claims.heard(data);
  return async (number) => {
    const isMine = await new Promise<boolean>((resolve) => {
      decide = resolve;
      setTimeout(() => resolve(true), ANSWER_MS);
      claims.claim(number);
    });
    decide = null;
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
