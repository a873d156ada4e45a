import { WORD_KINDS, type WordKind, type WordLists } from "../../../../canonical/complexity.ts";
import { CHINESE } from "./chinese.ts";
import { ENGLISH } from "./english.ts";
import { FRENCH } from "./french.ts";
import { GERMAN } from "./german.ts";
import { SPANISH } from "./spanish.ts";

const LANGUAGES: readonly WordLists[] = [CHINESE, ENGLISH, FRENCH, GERMAN, SPANISH];

/** The words that come with the program, of all its languages. */
export const BUILT_IN_WORDS: WordLists = Object.fromEntries(
  WORD_KINDS.map((kind: WordKind) => [kind, [...new Set(LANGUAGES.flatMap((lists) => lists[kind]))]]),
) as unknown as WordLists;
