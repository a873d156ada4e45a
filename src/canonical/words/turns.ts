/** One piece of a conversation in words. */
export interface Turn {
  role: "system" | "user" | "assistant";
  text: string;
}

/** Turns with those of one speaker in a row as one, in paragraphs. */
export function joinTurns(turns: readonly Turn[]): Turn[] {
  const joined: Turn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (last?.role === turn.role) last.text = `${last.text}\n\n${turn.text}`;
    else joined.push({ ...turn });
  }
  return joined;
}

/** What stands before a conversation, and the conversation: instructions within it come before what the user says next. */
export function splitSystem(turns: readonly Turn[]): { system: string; rest: Turn[] } {
  const first = turns.findIndex(({ role }) => role !== "system");
  const system = turns.slice(0, first < 0 ? turns.length : first);
  const rest = first < 0 ? [] : turns.slice(first).map((turn): Turn => ({ ...turn, role: spoken(turn.role) }));
  return { system: system.map(({ text }) => text).join("\n\n"), rest: joinTurns(rest) };
}

function spoken(role: Turn["role"]): Turn["role"] {
  return role === "system" ? "user" : role;
}
