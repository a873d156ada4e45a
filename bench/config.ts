/** The virtual key of the bench's caller. */
export const VIRTUAL_KEY = "sk-tl-bench-0000000000000000000000000000";

/** How much governance stands in the configuration beside what the measured request uses. */
export interface Scale {
  virtualKeys: number;
  /** Rules in scopes of other callers. */
  otherRules: number;
}

/** A configuration with everything on: virtual key, three rules, budget, rate limits. */
export function benchConfig(upstream: string, scale: Scale): unknown {
  const others = Array.from({ length: scale.virtualKeys - 1 }, (_, index) => ({
    name: `other-${index}`,
    value: `sk-tl-other-${String(index).padStart(28, "0")}`,
    provider_configs: [{ provider: "openai" }],
    budgets: [{ limit_usd: 100, period: "1d" }],
  }));
  const otherRules = Array.from({ length: scale.otherRules }, (_, index) => ({
    name: `other rule ${index}`,
    scope: `virtual_key:other-${index % Math.max(1, others.length)}`,
    when: `headers["x-tier"] == "tier-${index}"`,
    targets: [{ provider: "openai", model: "gpt-4o" }],
  }));
  return {
    providers: {
      openai: { base_url: `${upstream}/v1`, keys: [{ name: "main", value: "sk-bench" }] },
      anthropic: { base_url: `${upstream}/v1`, keys: [{ name: "main", value: "sk-ant-bench" }] },
    },
    routing: {
      rules: [
        {
          name: "premium tier",
          when: 'headers["x-tier"] == "premium"',
          targets: [{ provider: "openai", model: "gpt-4o" }],
        },
        {
          name: "budget nearly gone",
          when: "budget_used > 95.0",
          targets: [{ provider: "openai", model: "gpt-4o-mini" }],
        },
        { name: "long input", when: "input_tokens > 100000", targets: [{ provider: "openai", model: "gpt-4.1" }] },
        ...otherRules,
      ],
    },
    governance: {
      virtual_keys: [
        {
          name: "bench",
          value: VIRTUAL_KEY,
          provider_configs: [{ provider: "openai" }, { provider: "anthropic" }],
          budgets: [{ limit_usd: 1_000_000, period: "1d" }],
          rate_limits: [
            { metric: "requests", limit: 1_000_000_000, window: "1m" },
            { metric: "tokens", limit: 1_000_000_000_000, window: "1m" },
          ],
        },
        ...others,
      ],
    },
  };
}
