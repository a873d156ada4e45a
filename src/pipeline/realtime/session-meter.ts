import type { GatewayError } from "../../canonical/errors.ts";
import type { ServerReport } from "../../canonical/realtime.ts";
import type { Charge } from "../../canonical/record.ts";
import { addUsage, emptyUsage, type Usage } from "../../canonical/usage.ts";
import { costNano, type Price } from "../../domain/catalog/index.ts";
import { addCharge, renewAll } from "../../domain/ledger/renew.ts";
import { settleAll, type Need, type Reservation } from "../../domain/ledger/reserve.ts";
import type { Target } from "../../domain/route/data.ts";
import { takeReserved } from "../attempt-limits.ts";
import type { RequestContext } from "../context.ts";
import { providerLimited } from "../enter.ts";
import { chargedCost, priceOf, providerPriceOf, takenCost } from "../price.ts";
import { limitError } from "../stage/refuse.ts";
import { isPlausible } from "../usage.ts";

/** Output that an answer is taken to have where the catalog does not say how much it may be. */
const DEFAULT_OUTPUT_TOKENS = 4096;
/** Input beyond that of the last answer, which the next one has with it. */
const MORE_INPUT_TOKENS = 2048;

/** The same use at limits of the caller, and at those of the provider. */
interface Needs {
  caller: Need;
  provider: Need;
}

const NOTHING: Need = { nanoUsd: 0, requests: 1, tokens: 0 };

/**
 * Counts what a session uses as the provider reports it: each report is charged at once, at the price of its own model, and
 * the next answer's worst case is reserved in its place.
 */
export class SessionMeter {
  /** The model that works beside the session's own, when the client named one. */
  helper: string | null = null;
  private readonly context: RequestContext;
  private readonly target: Target;
  /** What is held at limits of the provider and its key, which count what the provider takes. */
  private readonly reserved: Reservation[];
  private readonly sum = emptyUsage();
  private readonly charges: Charge[] = [];
  private cost = 0;
  private isCostKnown = true;
  private isReported = false;
  private lastInput = 0;
  /** Content since the last report, by estimate. */
  private openText = 0;
  private openAudio = 0;

  constructor(context: RequestContext, target: Target) {
    this.context = context;
    this.target = target;
    this.reserved = takeReserved(context);
  }

  /** Takes a report; returns the error of a limit that leaves no room for going on. */
  take({ usage, isHelper, textTokens, audioTokens }: ServerReport): GatewayError | null {
    this.openText += textTokens;
    this.openAudio += audioTokens;
    if (textTokens + audioTokens > 0) this.context.firstContentAt ??= this.context.runtime.clock.monotonic();
    if (!isPlausible(usage)) return null;
    if (!isHelper) {
      this.openText = 0;
      this.openAudio = 0;
      this.lastInput = usage.inputTokens;
    }
    return this.renew(this.charge(usage, isHelper ? this.helper : null));
  }

  /** Stage attempt: what an answer that broke off has brought counts by estimate. */
  settleUsage(): void {
    const { context } = this;
    const output = this.openText + this.openAudio;
    if (output > 0) {
      const usage = { ...emptyUsage(), outputTokens: output, audioOutputTokens: this.openAudio };
      usage.inputTokens = this.lastInput;
      this.rest = this.charge(usage, null);
      const message = "the provider did not report the usage of the last answer: estimated by length";
      context.warnings.push({ code: "estimated", field: "usage", message });
    }
    context.usage = this.isReported ? this.sum : null;
    context.costNano = this.isCostKnown ? this.cost : null;
  }

  /** Stage admit: gives back what is still held. */
  settleLimits(): Charge[] {
    const { rest, reserved } = this;
    const { held, runtime } = this.context;
    const charges = [
      ...settleAll(held, runtime.counters, rest.caller),
      ...settleAll(reserved, runtime.counters, rest.provider),
    ];
    for (const charge of charges) addCharge(this.charges, charge);
    return this.charges;
  }

  /** What is not charged yet. */
  private rest: Needs = { caller: NOTHING, provider: NOTHING };

  private charge(usage: Usage, model: string | null): Needs {
    addUsage(this.sum, usage);
    this.isReported = true;
    const target = model === null ? this.target : { provider: this.target.provider, model };
    const nanoUsd = chargedCost(this.context, target, usage);
    if (nanoUsd === null) this.priceUnknown(target);
    this.cost += nanoUsd ?? 0;
    const tokens = usage.inputTokens + usage.outputTokens;
    const taken = takenCost(this.context, target, usage);
    return {
      caller: { nanoUsd: nanoUsd ?? 0, requests: 1, tokens },
      provider: { nanoUsd: taken ?? 0, requests: 1, tokens },
    };
  }

  private renew(used: Needs): GatewayError | null {
    const { charges, reserved } = this;
    const { held, runtime } = this.context;
    const now = runtime.clock.wall();
    const next = this.next();
    const refusal = renewAll(held, runtime.counters, now, used.caller, next.caller, charges);
    const beyond = renewAll(reserved, runtime.counters, now, used.provider, next.provider, charges);
    if (refusal !== undefined)
      return limitError(refusal.details.metric === "usd" ? "budget_exceeded" : "rate_limited", refusal);
    return beyond === undefined ? null : providerLimited(this.target.provider, beyond.retryAfterMs);
  }

  /** The worst case of the next answer. */
  private next(): Needs {
    const { context, target } = this;
    const inputTokens = this.lastInput + MORE_INPUT_TOKENS;
    const limit = context.runtime.catalog.findModel(target.provider, target.model)?.maxOutputTokens;
    const outputTokens = limit ?? DEFAULT_OUTPUT_TOKENS;
    const usage = { ...emptyUsage(), inputTokens, outputTokens };
    usage.audioInputTokens = MORE_INPUT_TOKENS;
    usage.audioOutputTokens = outputTokens;
    return {
      caller: worstNeed(priceOf(context, target), usage),
      provider: worstNeed(providerPriceOf(context, target), usage),
    };
  }

  private priceUnknown({ provider, model }: Target): void {
    if (!this.isCostKnown) return;
    this.isCostKnown = false;
    const message = `the price of ${provider}/${model} is unknown: not counted`;
    if (this.context.warnings.some((warning) => warning.message === message)) return;
    this.context.warnings.push({ code: "price_unknown", field: "model", message });
  }
}

/** At least one nano-dollar: a budget that is used up refuses what nobody knows the price of, too. */
function worstNeed(price: Price | null, usage: Usage): Need {
  return { nanoUsd: Math.max(1, price === null ? 0 : costNano(price, usage)), requests: 0, tokens: usage.inputTokens };
}
