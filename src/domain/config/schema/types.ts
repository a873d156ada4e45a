import type { z } from "zod";
import type { configSchema } from "./config.ts";

/** A whole configuration, with every default filled in and every reference resolved. Names are those of the file. */
export type Config = z.output<typeof configSchema>;

type ElementOf<List extends readonly unknown[]> = List[number];

export type ServerConfig = Config["server"];
export type StoreConfig = Config["store"];
export type JournalConfig = Config["journal"];
export type LogsConfig = Config["logs"];
export type AccessConfig = Config["access"];
export type ProviderConfig = Config["providers"][string];
export type ProviderKeyConfig = ElementOf<ProviderConfig["keys"]>;
export type NetworkConfig = ProviderConfig["network"];
export type PriceConfig = ProviderConfig["pricing"][string];
export type AliasConfig = Config["aliases"][string];
export type RoutingConfig = Config["routing"];
export type RuleConfig = ElementOf<RoutingConfig["rules"]>;
export type ComplexityConfig = RoutingConfig["complexity"];
export type ClassifierConfig = RoutingConfig["classifiers"][string];
export type TargetConfig = ElementOf<RuleConfig["targets"]>;
export type ExperimentConfig = ElementOf<Config["experiments"]>;
export type GovernanceConfig = Config["governance"];
export type CustomerConfig = ElementOf<GovernanceConfig["customers"]>;
export type TeamConfig = ElementOf<GovernanceConfig["teams"]>;
export type UserConfig = ElementOf<GovernanceConfig["users"]>;
export type AccessProfileConfig = ElementOf<GovernanceConfig["access_profiles"]>;
export type VirtualKeyConfig = ElementOf<GovernanceConfig["virtual_keys"]>;
export type GrantConfig = ElementOf<VirtualKeyConfig["provider_configs"]>;
export type BudgetConfig = ElementOf<VirtualKeyConfig["budgets"]>;
export type RateLimitConfig = ElementOf<VirtualKeyConfig["rate_limits"]>;
