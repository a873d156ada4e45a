import type { ChatRequest } from "../../canonical/request.ts";
import { safeCallId } from "../../canonical/safe-call-id.ts";

/**
 * The ids of calls and results of one conversation, in a form that the API takes: safe, and each of a call of its own. Some
 * hosts count the calls of every turn anew, so that a conversation has `functions.f:0` many times.
 */
export class CallIds {
  private readonly made = new Map<string, number>();
  private readonly answered = new Map<string, number>();

  /** The id of the next call. */
  ofCall(id: string): string {
    return numbered(id, countUp(this.made, id));
  }

  /** The id of the call that the next result belongs to. */
  ofResult(id: string): string {
    return numbered(id, Math.min(countUp(this.answered, id), this.made.get(id) ?? 1));
  }
}

function countUp(counts: Map<string, number>, id: string): number {
  const count = (counts.get(id) ?? 0) + 1;
  counts.set(id, count);
  return count;
}

function numbered(id: string, count: number): string {
  const safe = safeCallId(id);
  return count === 1 ? safe : `${safe}_${count}`;
}

/**
 * The ids of an answer's calls as its client gets them: as they came, but where the conversation has them already. Clients of
 * the API count on unique ids: Claude Code takes the result of the older call for that of the newer, and calls without end.
 */
export class FreshCallIds {
  private readonly request: ChatRequest;
  private used: Set<string> | undefined;
  /** How often an id came, as far as it has been needed. */
  private readonly counts = new Map<string, number>();

  constructor(request: ChatRequest) {
    this.request = request;
  }

  of(id: string): string {
    const used = (this.used ??= idsIn(this.request));
    const fresh = used.has(id) ? this.another(id, used) : id;
    used.add(fresh);
    return fresh;
  }

  private another(id: string, used: ReadonlySet<string>): string {
    let count = this.counts.get(id) ?? 1;
    do count += 1;
    while (used.has(`${id}_${count}`));
    this.counts.set(id, count);
    return `${id}_${count}`;
  }
}

function idsIn({ items }: ChatRequest): Set<string> {
  const ids = new Set<string>();
  for (const item of items) if (item.type === "tool_call") ids.add(item.callId);
  return ids;
}
