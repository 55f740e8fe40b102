/**
 * The orders of all songs in the server's database. The database itself drops
 * them at any change of what is compared, whichever program makes it.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type KeptOrders,
  ORDER_NAMES,
  type OrderName,
  ORDERS_REVISION,
} from "../../model/kept_orders.ts";

const BYTES = Uint32Array.BYTES_PER_ELEMENT;
const NO_BYTES = new Uint8Array();

export class OrderTable {
  readonly #db: DatabaseSync;
  readonly #put: StatementSync;

  /** @param db A database that has the table of songs. */
  constructor(db: DatabaseSync) {
    this.#db = db;
    db.exec(`
      CREATE TABLE IF NOT EXISTS orders (
        name TEXT PRIMARY KEY, revision INTEGER, places BLOB
      );
      CREATE TRIGGER IF NOT EXISTS ordersAtPut BEFORE INSERT ON songs
        WHEN NOT EXISTS (
          SELECT 1 FROM songs
          WHERE name = NEW.name AND forms = NEW.forms AND goneMs IS NULL
        )
        BEGIN DELETE FROM orders; END;
      CREATE TRIGGER IF NOT EXISTS ordersAtUpdate AFTER UPDATE ON songs
        WHEN OLD.forms IS NOT NEW.forms OR OLD.goneMs IS NOT NEW.goneMs
        BEGIN DELETE FROM orders; END;
      CREATE TRIGGER IF NOT EXISTS ordersAtDelete AFTER DELETE ON songs
        WHEN OLD.goneMs IS NULL
        BEGIN DELETE FROM orders; END;
    `);
    this.#put = db.prepare("INSERT OR REPLACE INTO orders VALUES (?, ?, ?)");
  }

  /** Whether all orders are there. */
  get isComplete(): boolean {
    const { count } = this.#db.prepare(
      "SELECT count(*) AS count FROM orders WHERE revision = ?",
    ).get(ORDERS_REVISION)!;
    return count === ORDER_NAMES.length;
  }

  /** Those of this revision. */
  load(): KeptOrders {
    const rows = this.#db.prepare(
      "SELECT name, places FROM orders WHERE revision = ?",
    ).all(ORDERS_REVISION);
    return new Map(rows.map(({ name, places }) => {
      const bytes = places instanceof Uint8Array ? places : NO_BYTES;
      const whole = bytes.length - bytes.length % BYTES;
      // A copy, as the bytes may not be aligned.
      return [String(name), new Uint32Array(bytes.slice(0, whole).buffer)];
    }));
  }

  /** Does nothing if the database cannot be written: the next start sorts again. */
  put(name: OrderName, order: Uint32Array): void {
    try {
      const { buffer, byteOffset, byteLength } = order;
      const places = new Uint8Array(buffer, byteOffset, byteLength);
      this.#put.run(name, ORDERS_REVISION, places);
    } catch {
      // As the index says once.
    }
  }

  clear(): void {
    try {
      this.#db.exec("DELETE FROM orders");
    } catch {
      // They are checked again.
    }
  }
}
