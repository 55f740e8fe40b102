/**
 * The page's lead: how far it writes ahead of its speakers.
 *
 * @module
 */

/**
 * The page may be busy for nearly this long before there is an audible gap. A long
 * lead costs nothing, because the speakers drop samples, pause and change the
 * volume at once.
 */
export const LEAD_SECONDS = 0.6;
