/**
 * The version of both programs.
 *
 * @module
 */

/** As in CHANGELOG.md. */
export const VERSION = "0.1.0";
