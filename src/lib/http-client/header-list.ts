/** The headers of a response as they stood on the wire; read only when asked for. */
export class HeaderList {
  private readonly text: string;
  private readonly start: number;
  private lowerText: string | null = null;

  /** `text` holds checked header lines from `start` on, each with its CRLF, and an LF right before `start`. */
  constructor(text: string, start: number) {
    this.text = text;
    this.start = start;
  }

  /** The value of a header, several ones joined by a comma; null when it is absent. The name must be in lower case. */
  get(lowerName: string): string | null {
    this.lowerText ??= this.text.toLowerCase();
    const needle = `\n${lowerName}:`;
    let found: string | null = null;
    let at = this.lowerText.indexOf(needle, this.start - 1);
    while (at !== -1) {
      const valueStart = at + needle.length;
      const valueEnd = this.text.indexOf("\r", valueStart);
      const value = this.text.slice(valueStart, valueEnd).trim();
      found = found === null ? value : `${found}, ${value}`;
      at = this.lowerText.indexOf(needle, valueEnd);
    }
    return found;
  }

  /** Lower-case names and values in the order of the wire; a repeated header comes repeatedly. */
  entries(): [name: string, value: string][] {
    const entries: [string, string][] = [];
    for (const line of this.text.slice(this.start).split("\r\n")) {
      const colon = line.indexOf(":");
      if (colon > 0) entries.push([line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]);
    }
    return entries;
  }
}
