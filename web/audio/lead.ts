/**
 * How far ahead the page writes to its speakers.
 *
 * @module
 */

/**
 * As long may the page be busy with something else, nearly, before a gap is
 * heard. It costs nothing: the speakers can be told to forget, to stand still
 * and to be quieter at once.
 */
export const LEAD_SECONDS = 0.6;
