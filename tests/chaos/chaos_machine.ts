/**
 * A machine of the chaos, and the program on it: it can be killed, cut off from the
 * others and slowed.
 *
 * @module
 */

import type { Machine } from "../support/household.ts";
import type { ChaosNetwork } from "./chaos_network.ts";

/** What was done to a machine. */
export type Condition = "well" | "dead" | "cut off" | "slow" | "restarting";

/** The program of a machine. */
export interface ChaosProgram extends AsyncDisposable {
  /** Of its machine, such as `node-1`. */
  readonly name: string;
  start(): Promise<void>;
  kill(): Promise<void>;
}

export interface ChaosMachineOptions {
  network: ChaosNetwork;
  machine: Machine;
  /** Of a slow cable. */
  slowBits: number;
  changed(name: string, condition: Condition): void;
}

export class ChaosMachine<P extends ChaosProgram = ChaosProgram> {
  readonly program: P;
  readonly #options: ChaosMachineOptions;
  #condition: Condition = "well";
  /** The number of changes so far. */
  epoch = 0;

  constructor(program: P, options: ChaosMachineOptions) {
    this.program = program;
    this.#options = options;
  }

  get name(): string {
    return this.program.name;
  }

  get condition(): Condition {
    return this.#condition;
  }

  /** Whether its program runs and reaches the others. */
  get isConnected(): boolean {
    return this.#condition === "well" || this.#condition === "slow";
  }

  /** Whether its program runs. */
  get isRunning(): boolean {
    return this.isConnected || this.#condition === "cut off";
  }

  async start(): Promise<void> {
    await this.program.start();
    this.#turn("well");
  }

  /** Does something to it, or undoes that. */
  async disturb(random: () => number): Promise<void> {
    if (this.#condition !== "well") return await this.heal();
    const { network, machine, slowBits } = this.#options;
    const part = random();
    if (part < 0.35) {
      this.#turn("dead");
      await this.program.kill();
    } else if (part < 0.7) {
      this.#turn("cut off");
      await network.setPlugged(machine, false);
    } else {
      this.#turn("slow");
      await network.limit(machine, slowBits);
    }
  }

  /** Undoes what was done to it. */
  async heal(): Promise<void> {
    const { network, machine } = this.#options;
    const undo: Record<Condition, () => Promise<void>> = {
      well: () => Promise.resolve(),
      dead: () => this.program.start(),
      "cut off": () => network.setPlugged(machine, true),
      slow: () => network.limit(machine, null),
      restarting: () => this.program.start(),
    };
    await undo[this.#condition]();
    this.#turn("well");
  }

  /** Ends the program properly, and starts it again. @param end How it is ended. */
  async restart(end: (program: P) => Promise<void>): Promise<void> {
    this.#turn("restarting");
    await end(this.program);
    await this.heal();
  }

  #turn(condition: Condition): void {
    if (condition === this.#condition) return;
    this.#condition = condition;
    this.epoch++;
    this.#options.changed(this.name, condition);
  }
}
