/**
 * The devices of this server that others have borrowed. What they do is reported to
 * their borrowers; that of all other devices goes to the groups of this server.
 *
 * @module
 */

import { OndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { Device } from "../server/groups/device.ts";
import type { DeviceReport } from "../server/groups/device_reports.ts";
import type { Groups } from "../server/groups/groups.ts";
import type { Receiver, StreamCause } from "../server/groups/receiver.ts";
import type {
  Arriving,
  DeviceFacts,
  ReceiverListener,
  Requested,
} from "../server/groups/receiver_listener.ts";
import type { GroupSongs } from "../server/groups/world.ts";
import type { LoanCommand } from "../server/elsewhere.ts";
import type { Answer, ToServer } from "../wire/messages.ts";
import { control, facts, over, reasonFor } from "./lent_facts.ts";
import { type Borrower, Loan } from "./loan.ts";
import type { Owner } from "./owner_terms.ts";
import { SeenTerms } from "./seen_terms.ts";

/**
 * What a device plays for a server that is gone goes on for this long: another one
 * may take over the group, or the same may be back.
 */
export const HOLD_MS = 15_000;
/** A group that was taken over is sent to its devices within this time. */
const TAKE_UP_MS = 5_000;
/** Why a device falls silent that has played on until then. */
const NOTHING = "its group plays nothing";

export interface LentDevicesWorld {
  readonly groups: Groups;
  readonly songs: Pick<GroupSongs, "open" | "load">;
  readonly clock: Clock;
  /** Aborted when this server ends. */
  readonly signal: AbortSignal;
  /** The owner of a group, as its record says. */
  ownerOf(group: string): Owner | undefined;
  /** Another server owns a group of this one, before its record has come. */
  taken(group: string, owner: Owner): void;
  log(level: "info", text: string): void;
}

export class LentDevices implements ReceiverListener {
  readonly #world: LentDevicesWorld;
  readonly #loans = new Map<string, Loan>();
  readonly #terms: SeenTerms;

  constructor(world: LentDevicesWorld) {
    this.#world = world;
    this.#terms = new SeenTerms(world.ownerOf);
  }

  /** How many are lent now, and commands that were refused by their terms. */
  get numbers(): { lent: number; refusedTerms: number } {
    return { lent: this.#loans.size, refusedTerms: this.#terms.refused };
  }

  /** The server that has borrowed a device; null: none has. */
  placeOf(key: string): string | null {
    return this.#loans.get(key)?.borrower.place ?? null;
  }

  /**
   * Lends a device, also one that another server has borrowed.
   *
   * @throws {OndacastError} `not-receiving`, `unsupported`; `stale`, if the term is
   * lower than one of the group that was seen.
   */
  borrow(
    borrower: Borrower,
    message: ToServer<"borrow">,
  ): Answer<"borrow"> {
    this.#terms.check(message, borrower.place);
    const { device: key, group } = message;
    const before = this.#loans.get(key);
    if (before) {
      const why = reasonFor(before, group);
      if (before.borrower.place !== borrower.place) over(before, why);
      before.passTo(borrower, group);
      this.#note(before, message);
      this.#later(() => before.silenceFormer(NOTHING));
      return facts(before.device);
    }
    const { groups } = this.#world;
    const device = groups.devices.get(key);
    const { link } = device ?? {};
    if (!device || !link) {
      throw new OndacastError(
        "not-receiving",
        `Cannot lend the device ${JSON.stringify(key)}: it is not here`,
      );
    }
    if (!link.isInStep) {
      throw new OndacastError(
        "unsupported",
        `Cannot group ${device.name}: its program is too old to play in step`,
      );
    }
    this.#yield(message, borrower.place);
    groups.lend(device);
    const { songs, clock } = this.#world;
    const loan = new Loan({
      ...{ songs, clock },
      overflowed: (loan) => this.#takeBack(loan),
    }, { device, link, borrower, group });
    this.#loans.set(key, loan);
    this.#note(loan, message);
    return facts(device);
  }

  /** The terms of a group begin again. */
  forgetTerms(group: string): void {
    this.#terms.forget(group);
  }

  #note(
    { device, borrower }: Loan,
    { group, term }: Pick<ToServer<"borrow">, "group" | "term">,
  ): void {
    this.#world.log(
      "info",
      `lends ${device.name} to server ${borrower.place} for the group ${group} (term ${term})`,
    );
  }

  /**
   * Gives up a group that another server has taken over, before its record has come:
   * a device that is borrowed for it does not leave it, and it goes on as it is.
   */
  #yield({ device, group, term }: ToServer<"borrow">, node: string): void {
    const { groups, ownerOf, taken } = this.#world;
    const { id, isSeveral } = groups.group(groups.devices.get(device)!);
    const isNewer = term > (ownerOf(group)?.term ?? 0);
    if (!isSeveral || id !== group || !isNewer) return;
    taken(group, { node, term, devices: [] });
    groups.release(group);
  }

  /**
   * Does what a borrower asks for. What is about a device that it has not borrowed
   * any more is ignored.
   *
   * @throws {OndacastError} `stale`, as {@linkcode borrow}.
   */
  command(borrower: Borrower, message: LoanCommand): void {
    const loan = this.#loans.get(message.device);
    if (loan?.borrower !== borrower) return;
    if (message.type === "lent-back") {
      if (message.holds) return void this.#hold(loan, borrower);
      return this.#giveBack(loan, "it has left its group");
    }
    this.#terms.check(message, borrower.place);
    if (message.type === "lent-start") loan.start(message);
    else if (message.type === "lent-line") loan.line(message);
    else if (message.type === "lent-drop") loan.drop(message);
    else control(loan, message);
  }

  /** Ends the loan of a device, which is needed here. */
  reclaim(key: string): void {
    const loan = this.#loans.get(key);
    if (loan) this.#takeBack(loan);
  }

  /** A group of this server goes on with a device: it was taken over with it. */
  takeUp(key: string): void {
    const loan = this.#loans.get(key);
    if (!loan) return;
    const { device, link, first } = loan;
    over(loan, reasonFor(loan, this.#world.groups.group(device).id));
    this.#giveBack(loan);
    if (first === null) return;
    this.#later(() => {
      if (device.link !== link) return;
      const group = this.#world.groups.group(device);
      const sent = group.streamsOf(device)?.lastTake ?? null;
      if (sent === null) link.drop(first, NOTHING);
    });
  }

  /** Does something once a group that was taken over has had time to go on. */
  async #later(act: () => void): Promise<void> {
    const { clock, signal } = this.#world;
    await clock.sleep(TAKE_UP_MS, signal);
    if (!signal.aborted) act();
  }

  /** A borrower's connection is over. */
  parted(borrower: Borrower): void {
    for (const loan of this.#loans.values()) {
      if (loan.borrower === borrower) this.#hold(loan, borrower);
    }
  }

  /** A device plays on for a while: another server may take over its group. */
  async #hold(loan: Loan, borrower: Borrower): Promise<void> {
    const { clock, signal } = this.#world;
    const { passes } = loan;
    await clock.sleep(HOLD_MS, signal);
    const isHeld = this.#loans.get(loan.device.key) === loan &&
      loan.borrower === borrower && loan.passes === passes;
    if (signal.aborted || !isHeld) return;
    this.#giveBack(loan, "the server of its group is gone");
  }

  arrive(who: Arriving, link: Receiver): Device {
    const loan = this.#loans.get(who.key);
    if (loan) this.#lose(loan);
    return this.#world.groups.arrive(who, link);
  }

  depart(device: Device, link: Receiver): void {
    const loan = this.#loans.get(device.key);
    const { groups } = this.#world;
    if (loan?.link !== link) return groups.depart(device, link);
    this.#lose(loan);
    groups.departLent(device);
  }

  setReceiving(device: Device, on: boolean): void {
    this.reclaim(device.key);
    this.#world.groups.setReceiving(device, on);
  }

  sent(device: Device): void {
    const loan = this.#loans.get(device.key);
    if (loan) loan.sent();
    else this.#world.groups.sent(device);
  }

  failed(device: Device, stream: number, error: unknown): void {
    const loan = this.#loans.get(device.key);
    if (loan) loan.failed(stream, error);
    else this.#world.groups.failed(device, stream, error);
  }

  behind(device: Device, stream: number): boolean {
    const loan = this.#loans.get(device.key);
    return loan
      ? loan.stream(stream, "behind")
      : this.#world.groups.behind(device, stream);
  }

  stopped(device: Device, stream: number): void {
    const loan = this.#loans.get(device.key);
    if (loan) loan.stream(stream, "stopped");
    else this.#world.groups.stopped(device, stream);
  }

  again(
    device: Device,
    played: Pick<Requested, "song" | "entry">,
  ): StreamCause {
    // Its owner elsewhere is not asked: the device leaves that group.
    return this.#loans.has(device.key)
      ? {}
      : this.#world.groups.again(device, played);
  }

  plays(device: Device, played: Requested): void {
    const loan = this.#loans.get(device.key);
    if (loan) {
      over(loan, "left");
      this.#giveBack(loan);
    }
    const own = loan ? { ...played, entry: undefined } : played;
    this.#world.groups.plays(device, own);
  }

  adjust(device: Device, facts: DeviceFacts): void {
    this.#world.groups.adjust(device, facts);
    const loan = this.#loans.get(device.key);
    if (!loan) return;
    const { step, problem } = facts;
    const volume = device.volume = device.shownVolume(facts.volume);
    loan.borrower.send({
      ...{ type: "lent-facts", device: device.key, volume },
      ...(step && { step }),
      ...(problem !== undefined && { problem }),
    });
  }

  reported(device: Device, report: DeviceReport): void {
    const loan = this.#loans.get(device.key);
    if (loan) loan.reported(report);
    else this.#world.groups.reported(device, report);
  }

  rejoin(device: Device): void {
    const loan = this.#loans.get(device.key);
    if (!loan) return this.#world.groups.rejoin(device);
    loan.borrower.send({ type: "lent-rejoin", device: device.key });
  }

  /** The device is to play something else. */
  #takeBack(loan: Loan): void {
    over(loan, "left");
    this.#giveBack(loan, "it has left its group");
  }

  /**
   * The device has what it had before it was lent.
   *
   * @param silence Why it falls silent; none: it does not.
   */
  #giveBack(loan: Loan, silence?: string): void {
    const { device, link } = loan;
    if (silence !== undefined) loan.silence(silence);
    this.#end(loan);
    this.#world.groups.arrive(device, link);
  }

  /** The device is gone. */
  #lose(loan: Loan): void {
    over(loan, "away");
    this.#end(loan);
  }

  #end(loan: Loan): void {
    const { device, borrower } = loan;
    loan.end();
    this.#loans.delete(device.key);
    this.#world.log(
      "info",
      `lends ${device.name} no more to server ${borrower.place}`,
    );
  }
}
