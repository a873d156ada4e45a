import type { Item } from "../../canonical/request.ts";
import { groupOf } from "./groups.ts";

/** What follows on calls until the model speaks again, by place in the request. */
interface Answers {
  /** Rank of each call, by id. */
  calls: Map<string, number>;
  results: number[];
  /** What the user said in between. */
  words: number[];
}

/**
 * The places of the items in the order in which Gemini takes them: the results of calls right behind the calls and in their
 * order, before what the user said among them. The turn after calls must hold a response for each of them
 * (https://ai.google.dev/gemini-api/docs/function-calling#parallel_function_calling), and where they have no ids, their order
 * tells them apart. Instructions stand elsewhere and are left out.
 */
export function orderItems(items: readonly Item[]): number[] {
  const order: number[] = [];
  let answers: Answers = { calls: new Map(), results: [], words: [] };
  for (const [index, item] of items.entries()) {
    const group = groupOf(item);
    if (group === "result") answers.results.push(index);
    else if (group === "user") answers.words.push(index);
    else if (group === "model") {
      answers = settled(answers, items, order);
      if (item.type === "tool_call") answers.calls.set(item.callId, answers.calls.size);
      order.push(index);
    }
  }
  settled(answers, items, order);
  return order;
}

/** Adds the answers to calls, if there were any, and gives what the next ones are gathered in. */
function settled(answers: Answers, items: readonly Item[], order: number[]): Answers {
  const { calls, results, words } = answers;
  if (results.length === 0 && words.length === 0) return answers;
  const rank = (index: number): number => {
    const item = items[index];
    return (item?.type === "tool_result" ? calls.get(item.callId) : undefined) ?? calls.size;
  };
  for (const index of results.toSorted((left, right) => rank(left) - rank(right))) order.push(index);
  for (const index of words) order.push(index);
  return { calls: new Map(), results: [], words: [] };
}
