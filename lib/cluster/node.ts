/**
 * What is known of another server: its records, and whether it is alive.
 *
 * @module
 */

import type { NodeRecord, RecordKind, RecordOf } from "./records.ts";

/** A record, and when the table got it. */
export interface Kept<K extends RecordKind> {
  readonly value: RecordOf[K];
  readonly revision: number;
  /** When this server got it, by its clock. */
  readonly seenMs: number;
  /** Whether it came with those that there were before. */
  readonly isOld: boolean;
  /** Its length as JSON. */
  readonly bytes: number;
}

/** Another server. */
export class Node {
  readonly name: string;
  record: NodeRecord | null = null;
  /** `refused`: it may not join, for a reason. */
  state: "dead" | "alive" | { refused: string } = "dead";
  heardMs = -Infinity;
  /** It was stopped properly, and has not been heard since. */
  hasLeft = false;
  /** Of its records. */
  bytes = 0;
  readonly device = new Map<string, Kept<"device">>();
  readonly group = new Map<string, Kept<"group">>();
  readonly song = new Map<string, Kept<"song">>();

  constructor(name: string) {
    this.name = name;
  }

  get isAlive(): boolean {
    return this.state === "alive";
  }
}
