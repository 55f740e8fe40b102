/**
 * A list of the server, such as its albums, that is asked for in pages.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { type OndacastError, toOndacastError } from "../../lib/errors.ts";
import type { Reach } from "./errands.ts";
import { type ReadonlySignal, signal } from "./signals.ts";

/** Rows that a page has, at most. */
export const PAGE_ROWS = 200;
/** Rows that are asked for again when a list may have changed; who is further down comes up to them. */
const MOST_KEPT_ROWS = 2_000;

/** One page, in the server's order. */
export interface Page<T> {
  rows: readonly T[];
  /** The cursor of the page that follows; undefined: this is the last one. */
  next?: string;
  /** All rows, where the server counts them. */
  total?: number;
}

/** What is known of a list. */
export interface Listed<Q, T> extends Page<T> {
  /** What was asked for. */
  query: Q;
  /** Why no more came; null: it is well. */
  problem: string | null;
}

/** Asks for the page behind a cursor. */
export type AskPage<Q, T> = (
  session: ClientSession,
  query: Q,
  after: string | undefined,
) => Promise<Page<T>>;

export class PagedList<Q, T> {
  readonly #reach: Reach;
  readonly #ask: AskPage<Q, T>;
  readonly #listed = signal<Listed<Q, T> | null>(null);
  #query: Q | null = null;
  /** Rises with each query, whose answers alone count. */
  #generation = 0;
  #isAsking = false;

  constructor(reach: Reach, ask: AskPage<Q, T>) {
    this.#reach = reach;
    this.#ask = ask;
  }

  /** Null: nothing has come yet. */
  get listed(): ReadonlySignal<Listed<Q, T> | null> {
    return this.#listed;
  }

  /**
   * Shows a query, from its first page on. The rows of the present one stay if that
   * page has not changed, so that who comes back finds their place.
   */
  show(query: Q): Promise<void> {
    const isPresent = isSame(query, this.#query);
    if (!isPresent) this.#listed.value = null;
    this.#query = query;
    return this.refresh(isPresent);
  }

  /** Shows another query; the present rows stay until its first page comes. */
  replace(query: Q): Promise<void> {
    this.#query = query;
    return this.refresh();
  }

  /** Asks again for as many rows as there are; these stay until all have come. */
  async refresh(staysIfSame = false): Promise<void> {
    this.#generation++;
    this.#isAsking = false;
    const { query, rows } = this.#listed.peek() ?? {};
    const known = isSame(query, this.#query) ? rows!.length : 0;
    await this.#add([], undefined, {
      ...{ staysIfSame, until: Math.min(known, MOST_KEPT_ROWS) },
    });
  }

  /** Shows nothing until another query. */
  forget(): void {
    this.#generation++;
    this.#query = null;
    this.#listed.value = null;
  }

  /** Asks for the page that follows, unless it is on its way. */
  async more(): Promise<void> {
    const { rows = [], next } = this.#listed.peek() ?? {};
    if (next === undefined || this.#isAsking) return;
    await this.#add(rows, next);
  }

  /** @param until Rows that are shown all at once. */
  async #add(
    rows: readonly T[],
    after: string | undefined,
    { staysIfSame = false, until = 0 } = {},
  ): Promise<void> {
    const session = this.#reach.session;
    const query = this.#query;
    if (session === null || query === null) return;
    const generation = this.#generation;
    this.#isAsking = true;
    let page: Page<T> | OndacastError;
    do {
      page = await this.#ask(session, query, after).catch(toOndacastError);
      if (generation !== this.#generation) return;
      if (page instanceof Error) break;
      if (staysIfSame && rows.length === 0 && this.#isKnown(page)) {
        this.#isAsking = false;
        return;
      }
      rows = [...rows, ...page.rows];
      after = page.next;
    } while (after !== undefined && rows.length < until);
    this.#isAsking = false;
    if (!(page instanceof Error)) {
      this.#listed.value = { ...page, rows, query, problem: null };
    } else if (session.failure === null) {
      // Such as an album whose last song was removed.
      const known = page.code === "not-found" ? null : this.#listed.peek();
      const shown = known?.rows ?? [];
      this.#listed.value = {
        ...{ query, ...known, rows: shown, problem: page.message },
      };
    }
  }

  /** Whether the rows begin with a page, or are no more than that. */
  #isKnown({ rows, next }: Page<T>): boolean {
    const { query, problem, rows: known } = this.#listed.peek() ?? {};
    return problem === null && isSame(query, this.#query) &&
      isSame(known?.slice(0, next ? rows.length : undefined), rows);
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
