/**
 * The page's lead: how far it writes ahead of its speakers.
 *
 * @module
 */

/**
 * The page may be busy for nearly this long before there is an audible gap. Alone, a
 * long lead costs nothing, because the speakers drop samples, pause and change the
 * volume at once; in a group, all devices wait for the longest lead after a seek.
 */
export const LEAD_SECONDS = 0.45;
