/** What a command works with. */
export interface CommandContext {
  /** After the command's name. */
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  print: (line: string) => void;
  printError: (line: string) => void;
}

/** One command of the program. Returns the exit code; throws `UsageError` for words it does not take. */
export interface Command {
  name: string;
  /** One line for the list of commands. */
  summary: string;
  /** What `--help` prints. */
  usage: string;
  run(context: CommandContext): Promise<number> | number;
}

/** The command was called with words that it does not take. */
export class UsageError extends Error {}
