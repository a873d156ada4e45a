import { UsageError, type Command, type CommandContext } from "./command.ts";
import { isStart } from "./is-start.ts";

/** Finds and runs the command that the arguments name; the first one in the list when they name none. */
export async function runCommand(commands: readonly Command[], context: CommandContext): Promise<number> {
  const [name = "", ...rest] = context.args;
  if (name === "help" || name === "--help" || name === "-h") return help(commands, context);
  const named = commands.find((command) => command.name === (name === "--version" ? "version" : name));
  const command = named ?? (isStart(context.args) ? commands[0] : undefined);
  if (command === undefined) {
    context.printError(
      `trunkline: unknown command ${JSON.stringify(name)}; known are ${commands.map((each) => each.name).join(", ")}`,
    );
    return 2;
  }
  const args = named === undefined ? context.args : rest;
  const end = args.indexOf("--");
  const own = end < 0 ? args : args.slice(0, end);
  if (own.includes("--help") || own.includes("-h")) {
    context.print(command.usage);
    return 0;
  }
  return guarded(command, { ...context, args });
}

async function guarded(command: Command, context: CommandContext): Promise<number> {
  try {
    return await command.run(context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    context.printError(`trunkline ${command.name}: ${message}`);
    if (error instanceof UsageError) context.printError(command.usage);
    return error instanceof UsageError ? 2 : 1;
  }
}

function help(commands: readonly Command[], { print }: CommandContext): number {
  print("Usage: trunkline COMMAND [OPTIONS]\n\nCommands:");
  for (const { name, summary } of commands) print(`  ${name.padEnd(13)}${summary}`);
  print("\n`trunkline COMMAND --help` tells more about one of them.");
  return 0;
}
