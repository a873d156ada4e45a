import { printPath, type Path } from "../path.ts";
import type { BudgetConfig, GrantConfig, RateLimitConfig, VirtualKeyConfig } from "../schema/types.ts";
import { hint } from "../suggest.ts";
import type { CheckContext } from "./context.ts";
import { checkCounters } from "./counters.ts";
import { checkUnique, checkWeights } from "./lists.ts";
import { checkProviderName } from "./targets.ts";

const LISTS = ["customers", "teams", "users", "access_profiles", "virtual_keys"] as const;

/** The organisation: names, who belongs to whom, grants and limits. */
export function checkGovernance(context: CheckContext): void {
  const { governance } = context.config;
  for (const list of LISTS) {
    const path = ["governance", list];
    checkUnique(context, path, governance[list]);
    for (const [at, owner] of governance[list].entries()) {
      checkLimits(context, [...path, at], owner);
      if ("provider_configs" in owner) checkGrants(context, [...path, at, "provider_configs"], owner.provider_configs);
    }
  }
  for (const [at, team] of governance.teams.entries()) {
    checkMember(context, ["governance", "teams", at, "customer"], "customer", team.customer, governance.customers);
  }
  for (const [at, user] of governance.users.entries()) {
    checkMember(context, ["governance", "users", at, "team"], "team", user.team, governance.teams);
  }
  for (const [at, key] of governance.virtual_keys.entries())
    checkBelongings(context, ["governance", "virtual_keys", at], key);
  checkCounters(context);
}

function checkBelongings(context: CheckContext, path: Path, key: VirtualKeyConfig): void {
  const { customers, teams, users, access_profiles: profiles } = context.config.governance;
  checkMember(context, [...path, "team"], "team", key.team, teams);
  checkMember(context, [...path, "customer"], "customer", key.customer, customers);
  checkMember(context, [...path, "user"], "user", key.user, users);
  checkMember(context, [...path, "access_profile"], "access profile", key.access_profile, profiles);
  const owner = teams.find(({ name }) => name === key.team)?.customer;
  if (owner !== undefined && key.customer !== undefined && owner !== key.customer) {
    const remedy = "take customer out here: the team's counts";
    context.problem([...path, "customer"], `the team ${key.team} belongs to the customer ${owner}`, remedy);
  }
}

function checkMember(
  context: CheckContext,
  path: Path,
  kind: string,
  name: string | undefined,
  list: readonly { name: string }[],
): void {
  const names = list.map((each) => each.name);
  if (name === undefined || names.includes(name)) return;
  context.problem(path, `there is no ${kind} ${JSON.stringify(name)}`, hint(name, names));
}

function checkGrants(context: CheckContext, path: Path, grants: readonly GrantConfig[]): void {
  checkWeights(context, path, grants);
  for (const [at, grant] of grants.entries()) {
    const { provider } = grant;
    const place = [...path, at, "provider"];
    checkLimits(context, [...path, at], grant);
    checkProviderName(context, place, provider);
    const first = grants.findIndex((other) => other.provider === provider);
    if (first < at)
      context.problem(place, `${provider} stands in this list already`, `see ${printPath([...path, first])}`);
  }
}

/** Two limits over the same thing and time would share one counter. */
export function checkLimits(
  context: CheckContext,
  path: Path,
  owner: { budgets: readonly BudgetConfig[]; rate_limits: readonly RateLimitConfig[] },
): void {
  const budgets = owner.budgets.map(({ period }) => `${period.count}${period.unit}`);
  const limits = owner.rate_limits.map(({ metric, window }) => `${metric} ${window.count}${window.unit}`);
  reportTwins(context, [...path, "budgets"], budgets, "a budget of this period");
  reportTwins(context, [...path, "rate_limits"], limits, "a limit of this metric and window");
}

function reportTwins(context: CheckContext, path: Path, identities: readonly string[], what: string): void {
  for (const [at, identity] of identities.entries()) {
    if (identities.indexOf(identity) < at)
      context.problem([...path, at], `${what} stands in this list already`, "keep the lower one");
  }
}
