import type { Agent } from "./agent.ts";
import { claude } from "./claude.ts";
import { codex } from "./codex.ts";
import { gemini } from "./gemini.ts";
import { opencode } from "./opencode.ts";
import { qwen } from "./qwen.ts";

/** All agents that `trunkline launch` knows, in alphabetical order. */
export const agents: readonly Agent[] = [claude, codex, gemini, opencode, qwen];
