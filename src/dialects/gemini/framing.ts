/** How chunks stand in the body of a stream. One per answer: it remembers what went before. */
export interface Framing {
  chunk(json: string): string;
  /** What closes the body. */
  end(): string;
}

/** Server-sent events without a terminal mark (`alt=sse`). */
export const sseFraming = (): Framing => ({
  chunk: (json) => `data: ${json.includes("\n") ? json.replaceAll(/\r\n|\r|\n/g, " ") : json}\n\n`,
  end: () => "",
});

/** One JSON list (the default of the REST API). */
export const jsonArrayFraming = (): Framing => {
  let open = false;
  return {
    chunk(json) {
      const start = open ? ",\n" : "[";
      open = true;
      return `${start}${json}\n`;
    },
    end: () => (open ? "]\n" : "[]\n"),
  };
};
