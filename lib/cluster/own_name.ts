/**
 * The name of this server among the others: another server may have been given the
 * same one. The one that wrote its record first keeps it.
 *
 * @module
 */

import type { Admission } from "./admission.ts";
import type { RecordListener } from "./bus.ts";
import { readRecord, recordKey } from "./records.ts";

export interface OwnNameListener {
  /** Another server of this name has come, and goes again. */
  kept(address: string): void;
  /** Another server has had this name before. */
  taken(address: string): void;
}

export class OwnName implements RecordListener {
  readonly #name: string;
  readonly #own: RecordListener;
  readonly #admission: Admission;
  readonly #listener: OwnNameListener;
  #isTold = false;
  /** The record of another run that came last. */
  #other = { clock: "", revision: 0 };

  /** @param own What the records of this name are given to. */
  constructor(
    name: string,
    admission: Admission,
    own: RecordListener,
    listener: OwnNameListener,
  ) {
    this.#name = name;
    this.#own = own;
    this.#admission = admission;
    this.#listener = listener;
  }

  begin(): void {
    this.#own.begin();
  }

  record(key: string, value: Uint8Array | null, revision: number): void {
    if (key === recordKey("node", this.#name)) this.#seen(value, revision);
    this.#own.record(key, value, revision);
  }

  complete(): void {
    this.#own.complete();
  }

  #seen(value: Uint8Array | null, revision: number): void {
    const record = value && readRecord("node", value);
    const admission = this.#admission;
    if (!record || admission.refusal(this.#name, record)) return;
    if (record.clock === admission.record.clock) {
      // Revisions begin again where the table was made anew.
      admission.since = Math.min(admission.since ?? revision, revision);
      return;
    }
    // What was there before is of a run that is over, as far as is known.
    const { since } = admission;
    if (since === undefined || revision < since) return;
    const before = this.#other;
    this.#other = { clock: record.clock, revision };
    if (record.since !== undefined && record.since < since) {
      // A copy of NATS may show the last one of a run before, with a revision of its
      // own. A server that is there writes its record again, over that of this one.
      const isAgain = before.clock === record.clock &&
        revision > before.revision;
      if (!isAgain) return;
      return this.#listener.taken(record.address);
    }
    if (!this.#isTold) this.#listener.kept(record.address);
    this.#isTold = true;
  }
}
