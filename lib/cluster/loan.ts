/**
 * A device of this server that another one has borrowed: its songs are opened and
 * sent here, as the borrower says, and what becomes of them is reported to it.
 *
 * @module
 */

import { toOndacastError } from "../errors.ts";
import type { Clock } from "../ports/common.ts";
import type { OpenSong } from "../ports/server.ts";
import type { Device } from "../server/groups/device.ts";
import type { DeviceReport } from "../server/groups/device_reports.ts";
import type { DeviceControl, Receiver } from "../server/groups/receiver.ts";
import type { GroupSongs } from "../server/groups/world.ts";
import type { ToClient, ToServer } from "../wire/messages.ts";
import { askAgain } from "./ask_again.ts";
import { LoanCommands } from "./loan_commands.ts";

/** Streams that are known: more than follow each other on a line. */
const MOST_STREAMS = 64;
/** The longest reason of a failure that is passed on. */
const MOST_REASON = 1_024;

/** What a borrower is sent. */
export type LoanNews = Extract<ToClient, { type: `lent-${string}` }>;

/** The connection of the server that has borrowed devices. */
export interface Borrower {
  /** The name of that server. */
  readonly place: string;
  send(news: LoanNews): void;
}

export interface LoanWorld {
  readonly songs: Pick<GroupSongs, "open" | "load">;
  readonly clock: Clock;
  /** It is commanded faster than the device can be. */
  overflowed(loan: Loan): void;
}

type Line = Pick<
  ToServer<"lent-line">,
  "stream" | "frame" | "at" | "since"
>;

export class Loan {
  readonly device: Device;
  readonly link: Receiver;
  readonly #world: LoanWorld;
  #borrower: Borrower;
  #group: string;
  /** How often it was borrowed since the first time. */
  passes = 0;
  /** Streams that may not be over: the borrower's numbers, and the device's. */
  #streams = new Map<number, number>();
  /** The first stream of the borrower before; null: it sounds no more. */
  #former: number | null = null;
  readonly #commands: LoanCommands;
  /** The borrower's latest stream that replaces all before it. */
  #fresh = 0;
  /** Whether what plays is on a line, so that the device's place is known. */
  #isLined = false;

  constructor(
    world: LoanWorld,
    { device, link, borrower, group }: {
      device: Device;
      link: Receiver;
      borrower: Borrower;
      group: string;
    },
  ) {
    this.#world = world;
    this.device = device;
    this.link = link;
    this.#borrower = borrower;
    this.#group = group;
    this.#commands = new LoanCommands(link, () => world.overflowed(this));
  }

  get borrower(): Borrower {
    return this.#borrower;
  }

  /** The group that the device plays in. */
  get group(): string {
    return this.#group;
  }

  /**
   * Another connection commands the device from now on. What it plays for the same
   * group sounds until it is sent something else.
   */
  passTo(borrower: Borrower, group: string): void {
    if (group !== this.#group) this.silence("it plays with others");
    this.#former = this.first;
    this.#forgetCommands();
    this.passes++;
    this.#borrower = borrower;
    this.#group = group;
    this.#streams.clear();
    this.#fresh = 0;
  }

  /** The number at the device of the first stream that may sound; null: none may. */
  get first(): number | null {
    if (this.#former !== null) return this.#former;
    const first = Math.min(...this.#streams.values());
    return first < Infinity ? first : null;
  }

  #forgetCommands(): void {
    this.#commands.forget();
    this.device.awaitNothing();
  }

  /** Has all streams thrown away. */
  silence(reason: string): void {
    const { first } = this;
    if (first !== null) this.link.drop(first, reason);
    this.#former = null;
    this.#streams.clear();
  }

  /** The same, if nothing was sent since the device was passed to another one. */
  silenceFormer(reason: string): void {
    if (this.#former !== null) this.silence(reason);
  }

  /** The device is lent no more; what it plays is not this loan's any more. */
  end(): void {
    this.#forgetCommands();
    this.#former = null;
    this.#streams.clear();
  }

  start(message: ToServer<"lent-start">): void {
    const { stream, song, from, follows, group } = message;
    this.#group = group;
    if (follows === undefined) this.#fresh = stream;
    this.#commands.add(async () => {
      const isReplaced = stream < this.#fresh;
      const opened = isReplaced ? null : await this.#open(stream, song, from);
      return opened && {
        act: () => this.#begin(opened, message),
        discard: () => opened.close(),
      };
    });
  }

  line(line: ToServer<"lent-line">): void {
    this.#commands.add(() => ({ act: () => this.#follow(line) }));
  }

  drop({ stream, reason }: ToServer<"lent-drop">): void {
    this.#commands.add(() => ({
      act: () => {
        const dropped = this.#streams.entries()
          .filter(([number]) => number >= stream).toArray();
        const first = Math.min(...dropped.map(([, known]) => known));
        for (const [number] of dropped) this.#streams.delete(number);
        if (first < Infinity) this.link.drop(first, reason);
      },
    }));
  }

  control(control: DeviceControl, acted?: () => void): void {
    this.#commands.add(() => ({
      act: () => this.link.control(control, acted),
    }));
  }

  /** The device was sent all of a stream. */
  sent(): void {
    const last = this.#streams.keys().toArray().at(-1);
    if (last === undefined || this.link.sending !== null) return;
    this.#tell(last, "sent");
  }

  /** Something has become of a stream of the device. */
  stream(known: number, event: "behind" | "stopped"): boolean {
    const stream = this.#numberOf(known);
    if (stream === undefined) return false;
    this.#tell(stream, event);
    return true;
  }

  failed(known: number, error: unknown): void {
    const stream = this.#numberOf(known);
    if (stream !== undefined) this.#fail(stream, error);
  }

  /** Where the device is, which only one that plays alone has to say. */
  reported({ stream: known, position, playing }: DeviceReport): void {
    const stream = this.#numberOf(known);
    if (stream === undefined || this.#isLined) return;
    this.#borrower.send({
      ...{ type: "lent-place", device: this.device.key },
      ...{ stream, position, playing },
    });
  }

  #begin(song: OpenSong, message: ToServer<"lent-start">): void {
    const { stream, from, by, group, entry, follows, line } = message;
    const before = follows === undefined
      ? undefined
      : this.#streams.get(follows);
    this.#isLined = line !== undefined;
    const lined = (known: number) => {
      this.#note(stream, known);
      if (line) this.#follow(line);
    };
    const cause = {
      ...(by !== undefined && { by }),
      ...(entry !== undefined && { entry }),
      ...(before !== undefined && { follows: before }),
      group,
    };
    if (this.#isLined) this.link.start(song, from, cause, lined);
    else this.#note(stream, this.link.start(song, from, cause));
    // A device that is sent nothing has all of it.
    if (this.link.sending === null) this.#tell(stream, "sent");
  }

  #note(stream: number, known: number): void {
    this.#former = null;
    this.#streams.set(stream, known);
    const [oldest] = this.#streams.keys();
    if (this.#streams.size > MOST_STREAMS) this.#streams.delete(oldest);
  }

  #follow({ stream, frame, at, since = this.#nowUs }: Line): void {
    const known = this.#streams.get(stream);
    if (known === undefined) return;
    this.link.line({ stream: known, frame, atUs: at, sinceUs: since });
  }

  async #open(
    stream: number,
    name: string,
    fromFrame: number,
  ): Promise<OpenSong | null> {
    const { songs, clock } = this.#world;
    try {
      const song = await askAgain(() => songs.open(name), clock);
      try {
        await songs.load(song, fromFrame);
        return song;
      } catch (error) {
        song.close();
        throw error;
      }
    } catch (error) {
      this.#fail(stream, error);
      return null;
    }
  }

  get #nowUs(): number {
    return this.#world.clock.now() * 1000;
  }

  #numberOf(known: number): number | undefined {
    return this.#streams.entries().find(([, it]) => it === known)?.[0];
  }

  #fail(stream: number, error: unknown): void {
    const { code, message } = toOndacastError(error);
    this.#tell(stream, "failed", {
      code,
      reason: [...message].slice(0, MOST_REASON).join(""),
    });
  }

  #tell(
    stream: number,
    event: ToClient<"lent-stream">["event"],
    why: { code?: string; reason?: string } = {},
  ): void {
    this.#borrower.send({
      ...{ type: "lent-stream", device: this.device.key, stream, event },
      ...why,
    });
  }
}
