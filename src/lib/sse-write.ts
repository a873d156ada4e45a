/**
 * One event of an event stream, with its blank line (WHATWG HTML, section 9.2.5). An empty `event` leaves the `event:`
 * line out. Line ends within `data` become further `data:` lines, within `event` spaces, so that neither can forge an event.
 */
export function sseEvent(event: string, data: string): string {
  const body = hasLineEnd(data) ? data.replace(/\r\n|\r|\n/g, "\ndata: ") : data;
  if (event === "") return `data: ${body}\n\n`;
  const name = hasLineEnd(event) ? event.replace(/[\r\n]+/g, " ") : event;
  return `event: ${name}\ndata: ${body}\n\n`;
}

function hasLineEnd(text: string): boolean {
  return text.includes("\n") || text.includes("\r");
}
