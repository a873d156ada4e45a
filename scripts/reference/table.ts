/** A Markdown table; `|` and line ends within cells are escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows.map((row) => row.map(escaped))];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** Text as code; empty stays empty. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** A page: title, lead, then its sections, a blank line between each. */
export function page(title: string, ...blocks: readonly string[]): string {
  return `${[`# ${title}`, ...blocks].join("\n\n")}\n`;
}
