/**
 * A list of the server, such as its albums, that is asked for in pages.
 *
 * @module
 */

import type { ClientSession } from "../../lib/client/client_session.ts";
import { toOndacastError } from "../../lib/errors.ts";
import type { Reach } from "./errands.ts";
import { type ReadonlySignal, signal } from "./signals.ts";

/** Rows that a page has, at most. */
export const PAGE_ROWS = 200;

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

  /** Asks for the first page again; the present rows stay until it comes. */
  async refresh(staysIfSame = false): Promise<void> {
    this.#generation++;
    this.#isAsking = false;
    await this.#add([], undefined, staysIfSame);
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

  async #add(
    before: readonly T[],
    after: string | undefined,
    staysIfSame = false,
  ): Promise<void> {
    const session = this.#reach.session;
    const query = this.#query;
    if (session === null || query === null) return;
    const generation = this.#generation;
    this.#isAsking = true;
    const page = await this.#ask(session, query, after)
      .catch(toOndacastError);
    if (generation !== this.#generation) return;
    this.#isAsking = false;
    if (!(page instanceof Error)) {
      if (staysIfSame && this.#isKnown(page)) return;
      const rows = [...before, ...page.rows];
      this.#listed.value = { ...page, rows, query, problem: null };
    } else if (session.failure === null) {
      // Such as an album whose last song was removed.
      const known = page.code === "not-found" ? null : this.#listed.peek();
      const rows = known?.rows ?? [];
      this.#listed.value = { query, ...known, rows, problem: page.message };
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
