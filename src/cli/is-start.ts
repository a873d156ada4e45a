/** Whether arguments ask for the gateway itself: that is what the program does when they name no command. */
export function isStart([name = "start"]: readonly string[]): boolean {
  return name === "start" || (name.startsWith("-") && name !== "--help" && name !== "-h");
}
