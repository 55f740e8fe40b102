/**
 * The order of records by their content, by which two servers that claim a name
 * at the same time decide (RFC 6762, section 8.2).
 *
 * @module
 */

import { type RecordData, typeNumber } from "./dns_message.ts";
import { dataBytes } from "./dns_writer.ts";

/**
 * Compares two sets of records: each sorted by type and content, then pair by
 * pair.
 *
 * @returns Negative, 0 or positive, as for `Array.sort()`.
 */
export function compareData(
  ones: readonly RecordData[],
  others: readonly RecordData[],
): number {
  const [left, right] = [ones, others].map((set) => [...set].sort(compareOne));
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareOne(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareOne(one: RecordData, other: RecordData): number {
  const byType = typeNumber(one) - typeNumber(other);
  if (byType !== 0 || one.type === "other" || other.type === "other") {
    return byType;
  }
  const [left, right] = [dataBytes(one), dataBytes(other)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i] - right[i];
  }
  return left.length - right.length;
}
