import type { Family } from "./family.ts";
import { joinTurns, splitSystem, type Turn } from "../../canonical/words/turns.ts";

/** How a family writes a conversation as one text, and finds it again in one. */
export interface PromptForm {
  write(turns: readonly Turn[], model: string): string;
  /** null: the text is not in this form. */
  read(prompt: string): Turn[] | null;
  /** Marks that must not stand in what is said: who says them could speak in the place of others. */
  marks: readonly string[];
}

/** Llama 3's and Llama 4's tokens: https://www.llama.com/docs/model-cards-and-prompt-formats/ */
const LLAMA_3 = { begin: "<|start_header_id|>", end: "<|end_header_id|>", over: "<|eot_id|>" };
const LLAMA_4 = { begin: "<|header_start|>", end: "<|header_end|>", over: "<|eot|>" };
const LLAMA_TEXT = "<|begin_of_text|>";

const llama: PromptForm = {
  marks: [...Object.values(LLAMA_3), ...Object.values(LLAMA_4), LLAMA_TEXT, "<|eom_id|>", "<|eom|>"],
  write(turns, model) {
    const tokens = /llama-?4/.test(model) ? LLAMA_4 : LLAMA_3;
    const head = (role: string): string => `${tokens.begin}${role}${tokens.end}\n\n`;
    const all = joinTurns(turns);
    const last = all.at(-1)?.role === "assistant" ? all.pop() : undefined;
    const said = all.map(({ role, text }) => `${head(role)}${text}${tokens.over}`).join("");
    return `${LLAMA_TEXT}${said}${head("assistant")}${last?.text ?? ""}`;
  },
  read(prompt) {
    const tokens = [LLAMA_3, LLAMA_4].find(({ begin }) => prompt.includes(begin));
    if (tokens === undefined) return null;
    const [, ...pieces] = prompt.split(tokens.begin);
    return pieces.flatMap((piece) => {
      const [role = "", ...text] = piece.split(tokens.end);
      return turnOf(role.trim(), text.join(tokens.end).split(tokens.over)[0] ?? "");
    });
  },
};

const ROLES: Readonly<Record<string, Turn["role"]>> = {
  system: "system",
  user: "user",
  assistant: "assistant",
  User: "user",
  Bot: "assistant",
};

function turnOf(role: string, text: string): Turn[] {
  const said = text.trim();
  const known = Object.hasOwn(ROLES, role) ? ROLES[role] : "user";
  return said === "" || known === undefined ? [] : [{ role: known, text: said }];
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-mistral-text-completion.html */
const mistral: PromptForm = {
  marks: ["[INST]", "[/INST]", "<s>", "</s>"],
  write(turns) {
    const { system, rest } = splitSystem(turns);
    let isFirst = true;
    let prompt = "<s>";
    for (const { role, text } of startWithUser(rest)) {
      if (role === "assistant") prompt += ` ${text}</s>`;
      else prompt += `[INST] ${isFirst && system !== "" ? `${system}\n\n${text}` : text} [/INST]`;
      isFirst = false;
    }
    // What the assistant has begun to say is not over.
    return rest.at(-1)?.role === "assistant" ? prompt.slice(0, -"</s>".length) : prompt;
  },
  read(prompt) {
    if (!prompt.includes("[INST]")) return null;
    const [, ...pieces] = prompt.split("[INST]");
    return pieces.flatMap((piece) => {
      const [user = "", ...answer] = piece.split("[/INST]");
      return [...turnOf("user", user), ...turnOf("assistant", answer.join("").replaceAll(/<\/?s>/g, ""))];
    });
  },
};

/** A form with places for pairs needs a user's word first. */
function startWithUser(turns: readonly Turn[]): Turn[] {
  return turns[0]?.role === "user" ? [...turns] : [{ role: "user", text: "" }, ...turns];
}

/** https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html */
const titan: PromptForm = {
  marks: [],
  write(turns) {
    const { system, rest } = splitSystem(turns);
    const said = rest.map(({ role, text }) => `${role === "user" ? "User" : "Bot"}: ${text}`);
    const start = system === "" ? said : [system, ...said];
    return rest.at(-1)?.role === "assistant" ? start.join("\n") : `${start.join("\n")}\nBot:`;
  },
  read(prompt) {
    const isForm = (prompt.startsWith("User:") || prompt.includes("\nUser:")) && prompt.trimEnd().endsWith("\nBot:");
    if (!isForm) return null;
    const [before = "", ...pieces] = prompt.split(/(?:^|\n)(User|Bot):/);
    const turns = turnOf("system", before);
    for (let at = 0; at < pieces.length; at += 2) turns.push(...turnOf(pieces[at] ?? "", pieces[at + 1] ?? ""));
    return turns;
  },
};

/** Command takes any text; one question goes as it is. */
const command: PromptForm = {
  marks: [],
  write(turns) {
    const { system, rest } = splitSystem(turns);
    if (rest.length <= 1) return [system, rest[0]?.text ?? ""].filter((text) => text !== "").join("\n\n");
    return titan.write(turns, "");
  },
  read: () => null,
};

/** The forms of families whose conversation is one text. */
export const PROMPT_FORMS: Readonly<Record<Exclude<Family, "command-r">, PromptForm>> = {
  titan,
  llama,
  mistral,
  command,
};
