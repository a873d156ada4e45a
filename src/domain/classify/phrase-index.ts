/** The longest run of letters that is taken for a word: nothing longer is looked up. */
const LONGEST_WORD = 40;
const HASH_START = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;
const MARKS = 65_536;
/** As the numbers of searches are kept in 32 bits. */
const MOST_SEARCHES = 0xffff_ffff;

interface Phrase {
  text: string;
  /** Which of the lists has it. */
  list: number;
  /** Ends in a letter, so that no other may follow. */
  endsInWord: boolean;
  id: number;
}

/**
 * Finds the phrases of several lists in a text, in one pass whose time is linear in the text, whatever it holds. Phrases of
 * scripts that set no blanks between words are found anywhere, others only as whole words. Case does not matter.
 */
export class PhraseIndex {
  private readonly lists: number;
  /** By the hash of their first word, or by their first character in scripts without blanks. */
  private readonly byWord = new Map<number, Phrase[]>();
  private readonly bySign = new Map<number, Phrase[]>();
  /** Keys of both, by their lower 16 bits: most words and characters begin no phrase. */
  private readonly wordMarks = new Uint8Array(MARKS);
  private readonly signMarks = new Uint8Array(MARKS);
  /** The number of the last search that found each phrase. */
  private readonly seen: Uint32Array;
  private search = 0;

  constructor(lists: readonly (readonly string[])[]) {
    this.lists = lists.length;
    let id = 0;
    for (const [list, phrases] of lists.entries()) {
      for (const phrase of phrases) this.add(phrase.trim().toLowerCase(), list, id++);
    }
    this.seen = new Uint32Array(id);
  }

  /** How many different phrases of each list the text holds; `text` must be in lower case. */
  count(text: string): number[] {
    const counts = Array.from({ length: this.lists }, () => 0);
    this.beginSearch();
    let at = 0;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (isWordCode(code)) {
        at = this.countWord(text, at, counts);
      } else {
        if (this.signMarks[code] === 1) this.tally(this.bySign.get(code), text, at, counts);
        at += 1;
      }
    }
    return counts;
  }

  private beginSearch(): void {
    this.search += 1;
    if (this.search <= MOST_SEARCHES) return;
    this.seen.fill(0);
    this.search = 1;
  }

  private add(text: string, list: number, id: number): void {
    if (text === "") return;
    const first = text.charCodeAt(0);
    const phrase = { text, list, id, endsInWord: isWordCode(text.charCodeAt(text.length - 1)) };
    const isWord = isWordCode(first);
    const [index, key] = isWord ? [this.byWord, hashOfWord(text)] : [this.bySign, first];
    (isWord ? this.wordMarks : this.signMarks)[key & (MARKS - 1)] = 1;
    const known = index.get(key);
    if (known === undefined) index.set(key, [phrase]);
    else known.push(phrase);
  }

  /** Looks up the word that begins here; returns where it ends. */
  private countWord(text: string, start: number, counts: number[]): number {
    let at = start;
    let hash = HASH_START;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (!isWordCode(code)) break;
      hash = Math.imul(hash ^ code, HASH_FACTOR);
    }
    if (at - start <= LONGEST_WORD && this.wordMarks[hash & (MARKS - 1)] === 1)
      this.tally(this.byWord.get(hash), text, start, counts);
    return at;
  }

  private tally(phrases: readonly Phrase[] | undefined, text: string, at: number, counts: number[]): void {
    if (phrases === undefined) return;
    for (const phrase of phrases) {
      if (this.seen[phrase.id] === this.search || !text.startsWith(phrase.text, at)) continue;
      if (phrase.endsInWord && isWordCode(text.charCodeAt(at + phrase.text.length))) continue;
      this.seen[phrase.id] = this.search;
      counts[phrase.list] = (counts[phrase.list] ?? 0) + 1;
    }
  }
}

function hashOfWord(text: string): number {
  let hash = HASH_START;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isWordCode(code)) break;
    hash = Math.imul(hash ^ code, HASH_FACTOR);
  }
  return hash;
}

/** Letters and digits of scripts with blanks between words; false for NaN, past the end of a text. */
export function isWordCode(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
  if (code < 0x2000) return code >= 0xc0 && code !== 0xd7 && code !== 0xf7 && !isThai(code);
  return code >= 0x2c00 && code < 0x2e00;
}

function isThai(code: number): boolean {
  return code >= 0x0e00 && code < 0x1000;
}

/** Of Han, kana and Hangul, which say about a word in a character or two. */
export function isDense(code: number): boolean {
  return (code >= 0x2e80 && code < 0xd800) || (code >= 0xf900 && code < 0xfb00);
}
