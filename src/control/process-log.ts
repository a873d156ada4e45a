/** Levels of the process log, least to most urgent. */
const LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = (typeof LEVELS)[number];

/** What the process says about itself; requests have records instead. */
export type ProcessLog = (level: LogLevel, message: string) => void;

/** Writes lines of at least this level to standard error: time, level, message. Control characters are escaped. */
export function createProcessLog(least: LogLevel): ProcessLog {
  const from = LEVELS.indexOf(least);
  return (level, message) => {
    if (LEVELS.indexOf(level) < from) return;
    process.stderr.write(`${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} ${escaped(message)}\n`);
  };
}

// oxlint-disable-next-line no-control-regex -- escaping them is the point
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

function escaped(message: string): string {
  return message.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
