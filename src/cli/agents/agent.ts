/** What an agent's settings are made from. */
export interface AgentSession {
  /** Origin of the gateway, without a trailing slash. */
  url: string;
  /** A virtual key, or a placeholder where the gateway asks for none: agents insist on some key. */
  key: string;
  /** As the gateway knows it; null: the agent's own choice. */
  model: string | null;
  /** What the gateway offers to this key, in its own order. */
  models: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** A folder of this session alone, deleted after it; made when first asked for. */
  readonly folder: () => string;
}

/** How to start an agent. */
export interface AgentPlan {
  /** Added to the environment; undefined: taken out of it. */
  env: Readonly<Record<string, string | undefined>>;
  /** Before the caller's own arguments. */
  args: readonly string[];
}

/** A coding agent that can be started on the gateway. */
export interface Agent {
  /** As the command line names it. */
  name: string;
  title: string;
  /** The program on the PATH. */
  command: string;
  /** How to get it. */
  install: string;
  plan(session: AgentSession): AgentPlan;
}
