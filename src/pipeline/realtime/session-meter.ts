import type { GatewayError } from "../../canonical/errors.ts";
import type { ServerReport } from "../../canonical/realtime.ts";
import type { Charge } from "../../canonical/record.ts";
import { addUsage, emptyUsage, type Usage } from "../../canonical/usage.ts";
import { costNano, isPriced } from "../../domain/catalog/index.ts";
import { addCharge, renewAll } from "../../domain/ledger/renew.ts";
import { settleAll, type Need } from "../../domain/ledger/reserve.ts";
import type { Target } from "../../domain/route/data.ts";
import type { RequestContext } from "../context.ts";
import { providerLimited } from "../enter.ts";
import { priceOf } from "../price.ts";
import { limitError } from "../stage/refuse.ts";
import { isPlausible } from "../usage.ts";

/** Output that an answer is taken to have where the catalog does not say how much it may be. */
const DEFAULT_OUTPUT_TOKENS = 4096;
/** Input beyond that of the last answer, which the next one has with it. */
const MORE_INPUT_TOKENS = 2048;

/**
 * Counts what a session uses as the provider reports it: each report is charged at once, at the price of its own model, and
 * the next answer's worst case is reserved in its place.
 */
export class SessionMeter {
  /** The model that works beside the session's own, when the client named one. */
  helper: string | null = null;
  private readonly context: RequestContext;
  private readonly target: Target;
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
  }

  /** Takes a report; returns the error of a limit that leaves no room for going on. */
  take({ usage, isHelper, textTokens, audioTokens }: ServerReport): GatewayError | null {
    this.openText += textTokens;
    this.openAudio += audioTokens;
    if (textTokens + audioTokens > 0) this.context.firstContentAt ??= this.context.runtime.clock.monotonic();
    if (usage === null || (usage.units === undefined && !isPlausible(usage))) return null;
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
    const { held, runtime } = this.context;
    for (const charge of settleAll(held, runtime.counters, this.rest)) addCharge(this.charges, charge);
    return this.charges;
  }

  /** What is not charged yet. */
  private rest: Need = { nanoUsd: 0, requests: 1, tokens: 0 };

  private charge(usage: Usage, model: string | null): Need {
    addUsage(this.sum, usage);
    this.isReported = true;
    const target = model === null ? this.target : { provider: this.target.provider, model };
    const price = priceOf(this.context, target);
    const isKnown = price !== null && isPriced(price, usage);
    const nanoUsd = isKnown ? costNano(price, usage) : 0;
    if (!isKnown) this.priceUnknown(target);
    this.cost += nanoUsd;
    return { nanoUsd, requests: 1, tokens: usage.inputTokens + usage.outputTokens };
  }

  private renew(used: Need): GatewayError | null {
    const { held, runtime } = this.context;
    const refusal = renewAll(held, runtime.counters, runtime.clock.wall(), used, this.next(), this.charges);
    if (refusal === undefined) return null;
    if (refusal.details.scope.startsWith("provider"))
      return providerLimited(this.target.provider, refusal.retryAfterMs);
    return limitError(refusal.details.metric === "usd" ? "budget_exceeded" : "rate_limited", refusal);
  }

  /** The worst case of the next answer. */
  private next(): Need {
    const { context, target } = this;
    const inputTokens = this.lastInput + MORE_INPUT_TOKENS;
    const limit = context.runtime.catalog.findModel(target.provider, target.model)?.maxOutputTokens;
    const outputTokens = limit ?? DEFAULT_OUTPUT_TOKENS;
    const price = priceOf(context, target);
    const usage = { ...emptyUsage(), inputTokens, outputTokens };
    usage.audioInputTokens = MORE_INPUT_TOKENS;
    usage.audioOutputTokens = outputTokens;
    return { nanoUsd: Math.max(1, price === null ? 0 : costNano(price, usage)), requests: 0, tokens: inputTokens };
  }

  private priceUnknown({ provider, model }: Target): void {
    if (!this.isCostKnown) return;
    this.isCostKnown = false;
    const message = `the price of ${provider}/${model} is unknown: not counted`;
    if (this.context.warnings.some((warning) => warning.message === message)) return;
    this.context.warnings.push({ code: "price_unknown", field: "model", message });
  }
}
