import type { DemoRequest } from "./request.ts";
import { instanceOf } from "./schema-instance.ts";
import { hash, seededDraw, type Draw } from "./seed.ts";
import { answerText, reasoningText, resultText } from "./text.ts";
import { countTokens, cutToTokens } from "./tokens.ts";
import type { DemoTool } from "./tools.ts";

export interface PlannedCall {
  id: string;
  tool: DemoTool;
  /** JSON, or free text for custom tools. */
  input: string;
}

/** One choice of the answer, whole, before it is written out. */
export interface Plan {
  index: number;
  reasoning: string;
  text: string;
  call: PlannedCall | null;
  finish: "stop" | "length" | "tool_calls";
  reasoningTokens: number;
  outputTokens: number;
}

/** Plans all choices. The same request gives the same plan. */
export function planAnswer(request: DemoRequest): Plan[] {
  return Array.from({ length: request.n }, (_, index) => planChoice(request, index));
}

function planChoice(request: DemoRequest, index: number): Plan {
  const draw = seededDraw(`${request.seed} ${index}`);
  const reasons = request.model.reasons === true;
  const reasoning = reasons ? cutToTokens(reasoningText(request, draw), request.maxTokens) : "";
  const reasoningTokens = countTokens(reasoning);
  const left = request.maxTokens - reasoningTokens;
  const tool = toolToCall(request);
  const base = { index, reasoning, reasoningTokens };
  return tool === null
    ? { ...base, ...planText(request, draw, left) }
    : { ...base, ...planCall(request, tool, draw, left) };
}

type Rest = Omit<Plan, "index" | "reasoning" | "reasoningTokens">;

/** A tool that was forced is called in any case; one that the model would like to call only until its result is there. */
function toolToCall({ tools, messages, directives }: DemoRequest): DemoTool | null {
  if (tools.forced !== null) return tools.forced;
  return messages.at(-1)?.role === "tool" || directives.text !== undefined ? null : tools.wanted;
}

function planCall(request: DemoRequest, tool: DemoTool, draw: Draw, left: number): Rest {
  const whole =
    tool.kind === "custom"
      ? request.prompt.slice(0, 500)
      : JSON.stringify(instanceOf(asSchema(tool), request.prompt, draw));
  const input = cutToTokens(whole, left);
  const id = `call_demo${hash(`${request.seed} ${tool.name} ${draw()}`).toString(16).padStart(8, "0")}`;
  const outputTokens = countTokens(input);
  const finish = input === whole ? "tool_calls" : "length";
  return { text: "", call: { id, tool, input }, finish, outputTokens };
}

function asSchema(tool: DemoTool): DemoTool["parameters"] {
  return tool.parameters["type"] === undefined ? { ...tool.parameters, type: "object" } : tool.parameters;
}

function planText(request: DemoRequest, draw: Draw, left: number): Rest {
  const whole = beforeStop(wholeText(request, draw), request.stop);
  const text = cutToTokens(whole, left);
  return { text, call: null, finish: text === whole ? "stop" : "length", outputTokens: countTokens(text) };
}

function wholeText(request: DemoRequest, draw: Draw): string {
  const { directives, format, messages, prompt } = request;
  if (directives.text !== undefined) return directives.text;
  if (format !== "text") {
    const schema =
      format.schema === true
        ? { type: "object", properties: { answer: {}, simulated: { const: true } } }
        : format.schema;
    return JSON.stringify(instanceOf(schema, prompt, draw));
  }
  const last = messages.at(-1);
  return last?.role === "tool" ? resultText(last, messages) : answerText(request, draw);
}

function beforeStop(text: string, stop: readonly string[]): string {
  const places = stop.map((each) => text.indexOf(each)).filter((place) => place >= 0);
  return text.slice(0, Math.min(text.length, ...places));
}
