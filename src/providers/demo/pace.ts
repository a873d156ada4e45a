/** Lets pieces go at a given pace, measured from the start so that small delays do not add up. */
export class Pace {
  private readonly start = performance.now();
  private readonly latencyMs: number;
  private readonly tokensPerSecond: number;
  private tokens = 0;

  constructor(latencyMs: number, tokensPerSecond: number) {
    this.latencyMs = latencyMs;
    this.tokensPerSecond = tokensPerSecond;
  }

  /** Waits until the model would have made this many tokens more. */
  async wait(tokens: number): Promise<void> {
    this.tokens += tokens;
    const due = this.start + this.latencyMs + (this.tokens * 1000) / this.tokensPerSecond;
    const left = due - performance.now();
    if (left > 1) await Bun.sleep(left);
  }
}
