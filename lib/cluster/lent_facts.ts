/**
 * What a borrower is sent about a device, and what it sets there.
 *
 * @module
 */

import { checkControl } from "../server/groups/control_group.ts";
import type { Device } from "../server/groups/device.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import type { Loan } from "./loan.ts";

/** What a group has to know of a device. */
export function facts(
  { volume, muted, delayMs, step, problem }: Device,
): Answer<"borrow"> {
  return {
    ...{ volume, muted, delay: delayMs },
    ...(step && { step }),
    ...(problem !== undefined && { problem }),
  };
}

/** Informs the borrower that a device is lent no more. */
export function over(
  { borrower, device: { key } }: Loan,
  why: "away" | "left",
): void {
  borrower.send({ type: "lent-over", device: key, why });
}

/**
 * Sets something at a device, which keeps it when it is given back.
 *
 * @throws {OndacastError} `bad-message`.
 */
export function control(
  loan: Loan,
  { action, value, by }: ToServer<"lent-control">,
): void {
  const { device } = loan;
  checkControl({ action, value });
  if (action === "volume") device.volume = value as number;
  if (action === "mute") device.muted = value as boolean;
  if (action === "delay") device.delayMs = value as number;
  loan.control(
    {
      action,
      ...(value !== undefined && { value }),
      ...(by !== undefined && { by }),
    },
    action === "volume" ? device.awaitVolume() : undefined,
  );
}

/**
 * Why a loan is over when the device plays in a group elsewhere. It has not left the
 * same group, whose former owner has yet to hear of the new one.
 */
export function reasonFor(loan: Loan, group: string): "away" | "left" {
  return loan.group === group ? "away" : "left";
}
