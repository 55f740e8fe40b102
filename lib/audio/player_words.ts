/**
 * The words of `--player`, for help and messages.
 *
 * @module
 */

export const PLAYER_WORDS =
  "auto, ffplay, aplay, pacat, mpv, null, null:fast, stdout, file:PATH";
