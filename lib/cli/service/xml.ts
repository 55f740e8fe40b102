/**
 * Text in XML.
 *
 * @module
 */

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text as the content of an element or attribute. */
export function xml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character]);
}
