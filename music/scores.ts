/**
 * The three pieces as tables of note names and beats, and how such a table is
 * read. `compose.ts` plays them; nothing here knows about samples.
 *
 * A voice is written as people say it: `F#5/1` is F sharp in the fifth octave
 * (A4 is 440 Hz) for one beat, a note without a length takes that of the note
 * before it, `-` rests, and `|` only helps the eye.
 *
 * @module
 */

/** One line of a score: who plays what, where in the room and how loud. */
export interface Voice {
  instrument: "plucked" | "flute" | "bell" | "musicBox";
  notes: string;
  /** -1 is left, 1 is right; without meaning in a mono piece. */
  pan: number;
  /** Loudness at beats, in a straight line between them: `[beat, level]`. */
  dynamics: readonly (readonly [number, number])[];
}

/** A piece and the recording it becomes. */
export interface Score {
  title: string;
  rateHz: number;
  bits: 16 | 24;
  channels: 1 | 2;
  /** Length of the recording, the last notes' ringing included. */
  seconds: number;
  beatSeconds: number;
  /** From this beat on, each beat is longer than the one before by `slowing`. */
  slowsFromBeat: number;
  slowing: number;
  /** Share of the reverberation in the sum, 0 to 1. */
  reverb: number;
  voices: readonly Voice[];
}

/** A note as written, in beats from the beginning of the piece. */
export interface WrittenNote {
  hz: number;
  beat: number;
  beats: number;
}

/**
 * Reads a voice's line of notes.
 *
 * @throws {SyntaxError} a word that is neither a note, a rest nor a bar line
 *
 * @example
 * ```ts
 * import { readNotes } from "./scores.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readNotes("A4/1 - | A5/0.5"), [
 *   { hz: 440, beat: 0, beats: 1 },
 *   { hz: 880, beat: 2, beats: 0.5 },
 * ]);
 * ```
 */
export function readNotes(line: string): WrittenNote[] {
  const notes: WrittenNote[] = [];
  let beat = 0;
  let beats = 1;
  for (const word of line.split(/\s+/)) {
    if (word === "" || word === "|") continue;
    const match = WORD.exec(word);
    if (match === null) {
      throw new SyntaxError(
        `Cannot read the note: "${word}", expected one like "F#5/0.5" or "-/1"`,
      );
    }
    const [, letter, sharp, octave, length] = match;
    if (length !== undefined) beats = Number(length);
    if (letter !== undefined) {
      const semitone = SEMITONES[letter] + sharp.length + 12 * Number(octave);
      notes.push({ hz: 440 * 2 ** ((semitone - A4) / 12), beat, beats });
    }
    beat += beats;
  }
  return notes;
}

const WORD = /^(?:([A-G])(#?)(\d)|-)(?:\/(\d+(?:\.\d+)?))?$/;

const SEMITONES: Readonly<Record<string, number>> = {
  C: 0,
  D: 2,
  E: 4,
  F: 5,
  G: 7,
  A: 9,
  B: 11,
};

const A4 = 9 + 12 * 4;

/**
 * Bars 5 to 8, where the canon is already heard as one: each violin plays what
 * the one before it played two bars earlier. A rolled chord ends it early.
 */
export const CANON: Score = {
  title: "Canon in D",
  rateHz: 44100,
  bits: 16,
  channels: 2,
  seconds: 12.3,
  beatSeconds: 0.57,
  slowsFromBeat: 13,
  slowing: 0.09,
  reverb: 0.22,
  voices: [
    { // First violin; its last note tops the rolled chord.
      instrument: "plucked",
      pan: -0.35,
      dynamics: [[0, 0.62], [7, 0.7], [8, 0.8], [13, 1], [16, 0.8]],
      notes: `D5/1 C#5 B4 A4 | G4 F#4 G4 E4 |
        D5/0.5 F#5 A5 G5 F#5 D5 F#5 E5 | D5 B4 D5 A5 G5 B5 A5 G5 |
        -/0.48 F#5/4`,
    },
    { // Second violin.
      instrument: "plucked",
      pan: 0.35,
      dynamics: [[0, 0.95], [5, 1], [7, 0.85], [8, 0.6], [16, 0.65]],
      notes: `F#5/1 E5 D5 C#5 | B4 A4 B4 C#5 | D5 C#5 B4 A4 | G4 F#4 G4 E4 |
        -/0.4 D5/4`,
    },
    { // Third violin, which enters with the theme.
      instrument: "plucked",
      pan: 0.05,
      dynamics: [[8, 0.66], [13, 0.72], [16, 0.6]],
      notes: `-/8 | F#5/1 E5 D5 C#5 | B4 A4 B4 C#5 | -/0.32 A4/4`,
    },
    { // Continuo, which fills the chords between the beats.
      instrument: "plucked",
      pan: 0.6,
      dynamics: [[0, 0.26], [8, 0.3], [16, 0.5]],
      notes: `A3/0.5 D4 A3 E4 F#3 D4 A3 C#4 | B3 D4 A3 F#3 B3 D4 C#4 E4 |
        A3 D4 A3 E4 F#3 D4 A3 C#4 | B3 D4 A3 F#3 B3 D4 C#4 E4 |
        -/0.16 A3/4`,
    },
    { // The ground.
      instrument: "plucked",
      pan: -0.1,
      dynamics: [[0, 0.52], [8, 0.55], [15, 0.68], [16, 0.75]],
      notes: `D3/1 A2 B2 F#2 | G2 D2 G2 A2 | D3 A2 B2 F#2 | G2 D2 G2 A2 | D2/4`,
    },
    {
      instrument: "plucked",
      pan: 0.2,
      dynamics: [[16, 0.55]],
      notes: `-/16 | -/0.08 D3/4`,
    },
    {
      instrument: "plucked",
      pan: -0.2,
      dynamics: [[16, 0.5]],
      notes: `-/16 | -/0.24 F#4/4`,
    },
  ],
};

/**
 * The second half of the verse, which comes home to its key, in the Dorian
 * mode with the sharp sixth. The beat is the quaver of 6/8.
 */
export const GREENSLEEVES: Score = {
  title: "Greensleeves",
  rateHz: 48000,
  bits: 24,
  channels: 2,
  seconds: 7.5,
  beatSeconds: 0.25,
  slowsFromBeat: 15,
  slowing: 0.07,
  reverb: 0.28,
  voices: [
    {
      instrument: "flute",
      pan: -0.2,
      dynamics: [[0, 0.6], [4, 1], [7, 0.85], [13, 0.95], [19, 0.6]],
      notes: `A4/1 | C5/2 D5/1 E5/1.5 F#5/0.5 E5/1 |
        D5/2 B4/1 G4/1.5 A4/0.5 B4/1 |
        C5/1.5 B4/0.5 A4/1 G#4/1.5 F#4/0.5 G#4/1 | A4/3.5`,
    },
    {
      instrument: "bell",
      pan: 0.45,
      dynamics: [[0, 0.3], [5, 0.42], [13, 0.4], [19, 0.34]],
      notes: `-/1 | -/1 E4 A4 -/1 A4 C5 | -/1 D4 G4 -/1 E4 G4 |
        -/1 E4 A4 -/1 E4 B4 | -/1 E4 A4 C5 E5/1.5`,
    },
    {
      instrument: "plucked",
      pan: 0.1,
      dynamics: [[0, 0.4], [13, 0.52], [19, 0.45]],
      notes: `-/1 | A2/3 E3 | G2 E3 | A2 E2 | A2/4`,
    },
  ],
};

/** The whole tune in Beethoven's D major, an octave up for the music box. */
export const ODE: Score = {
  title: "Ode to Joy",
  rateHz: 32000,
  bits: 16,
  channels: 1,
  seconds: 12.2,
  beatSeconds: 0.325,
  slowsFromBeat: 27,
  slowing: 0.08,
  reverb: 0.12,
  voices: [
    {
      instrument: "musicBox",
      pan: 0,
      dynamics: [[0, 0.75], [5, 0.9], [14, 0.72], [16, 0.85], [21, 1], [
        30,
        0.7,
      ]],
      notes: `F#5/1 F#5 G5 A5 | A5 G5 F#5 E5 | D5 D5 E5 F#5 |
        F#5/1.5 E5/0.5 E5/2 |
        F#5/1 F#5 G5 A5 | A5 G5 F#5 E5 | D5 D5 E5 F#5 | E5/1.5 D5/0.5 D5/2`,
    },
    { // Joins for the second line, a third below.
      instrument: "musicBox",
      pan: 0,
      dynamics: [[16, 0.36], [21, 0.46], [30, 0.36]],
      notes: `-/16 | D5/1 D5 E5 F#5 | F#5 E5 D5 C#5 | B4 B4 C#5 D5 |
        C#5/1.5 A4/0.5 A4/2`,
    },
    {
      instrument: "musicBox",
      pan: 0,
      dynamics: [[0, 0.4], [16, 0.5], [30, 0.45]],
      notes: `D4/2 D4 | D4/1 C#4 D4 C#4 | B3/2 C#4/1 D4 | A3/2 A3 |
        D4/2 D4 | D4/1 C#4 D4 A3 | G3/2 A3/1 D4 | A3/2 D4`,
    },
    { // Off the beat; at the end it climbs away over the last note.
      instrument: "musicBox",
      pan: 0,
      dynamics: [[0, 0.2], [16, 0.28], [30, 0.3], [32, 0.2]],
      notes: `-/0.5 A4 - A4 - F#4 - F#4 | - A4 - A4 - A4 - G4 |
        - F#4 - F#4 - A4 - A4 | - D4 - F#4 - C#4 - E4 |
        - A4 - A4 - A4 - D5 | - A4 - A4 - A4 - G4 |
        - D4 - G4 - A4 - A4 | - E4 - G4 - F#4 A4 D5 F#5 A5 D6/1`,
    },
  ],
};
