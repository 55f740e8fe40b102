/**
 * Which of the numbered ids of a browser each of its tabs has. They tell each other
 * what they claim, and however late that comes, the tab that was first keeps an id:
 * another one that has taken it meanwhile yields.
 *
 * @module
 */

/** What a tab tells the others. */
export interface Claim {
  number: number;
  /** Of the tab: unique, and the lower, the earlier it was opened. */
  rank: string;
}

export interface ClaimsListener {
  /** Has the others hear of a claim. */
  say(claim: Claim): void;
  /** The number that this tab claims is that of an earlier one. */
  refused(): void;
  /** A later tab has claimed the number of this one; it is about to yield. */
  kept(): void;
}

export class IdClaims {
  readonly #rank: string;
  readonly #listener: ClaimsListener;
  #number: number | null = null;

  constructor(rank: string, listener: ClaimsListener) {
    this.#rank = rank;
    this.#listener = listener;
  }

  /** @param number Null: none any more. */
  claim(number: number | null): void {
    this.#number = number;
    if (number !== null) this.#say(number);
  }

  /** Another tab has told what it claims. */
  heard({ number, rank }: Claim): void {
    if (number !== this.#number) return;
    if (rank < this.#rank) return this.#listener.refused();
    this.#say(number);
    this.#listener.kept();
  }

  #say(number: number): void {
    this.#listener.say({ number, rank: this.#rank });
  }
}
