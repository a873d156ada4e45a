const CHARACTERS_PER_TOKEN = 4;

/** Words with the blanks before them; joined they are the text again. */
export function splitWords(text: string): string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}

/** The tokens of a word: pieces of four characters. */
export function splitTokens(word: string): string[] {
  const characters = Array.from(word);
  const tokens: string[] = [];
  for (let at = 0; at < characters.length; at += CHARACTERS_PER_TOKEN) {
    tokens.push(characters.slice(at, at + CHARACTERS_PER_TOKEN).join(""));
  }
  return tokens;
}

/** How many tokens a text has: each word has one for every started four characters. */
export function countTokens(text: string): number {
  return splitWords(text).reduce((sum, word) => sum + splitTokens(word).length, 0);
}

/** As much of a text as `most` tokens hold. */
export function cutToTokens(text: string, most: number): string {
  let left = most;
  let kept = "";
  for (const word of splitWords(text)) {
    const tokens = splitTokens(word);
    if (tokens.length > left) return kept + tokens.slice(0, left).join("");
    kept += word;
    left -= tokens.length;
  }
  return kept;
}
