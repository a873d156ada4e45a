/** Something wrong in the configuration, or (as a warning) worth a look. */
export interface Problem {
  /** Such as `providers.openai.keys[0].value`; empty for the file as a whole. */
  path: string;
  /** Where the value comes from: the file's name, `--port`, `TRUNKLINE_PORT`. */
  source: string;
  /** From 1; null when the value does not come from a text. */
  line: number | null;
  column: number | null;
  message: string;
  /** The value found, shortened. Never that of a place which holds, or could hold, a credential. */
  got?: string;
  /** What to do about it. */
  remedy?: string;
}

/** The configuration cannot be used. The message lists all problems. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** Problems as text: `file:line:column: path: message (got …)`, each with its remedy on a line of its own. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join("\n");
}

function formatProblem({ source, line, column, path, message, got, remedy }: Problem): string {
  const place = line === null ? source : `${source}:${line}:${column ?? 1}`;
  const about = path === "" ? "" : `${path}: `;
  const found = got === undefined ? "" : ` (got ${got})`;
  return `${place}: ${about}${message}${found}${remedy === undefined ? "" : `\n  ${remedy}`}`;
}
