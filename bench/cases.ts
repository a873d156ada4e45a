/** One thing that is measured. */
export interface Case {
  name: string;
  /** Path at the gateway and, for nginx, at the mock. */
  path: string;
  body: string;
  /** Events of a stream; 0 for a plain answer. */
  events: number;
  connections: number;
  /** nginx cannot translate: it relays the same traffic in the upstream's dialect, as the limit to compare with. */
  nginxPath: string;
}

const words = (bytes: number): string =>
  "All work and no play makes a dull model. ".repeat(Math.ceil(bytes / 41)).slice(0, bytes);

const chat = (model: string, bytes: number, stream: boolean): string =>
  JSON.stringify({
    model,
    ...(stream && { stream: true, stream_options: { include_usage: true } }),
    temperature: 0.5,
    messages: [
      { role: "system", content: "You are a helpful assistant." },
      { role: "user", content: words(bytes - 170) },
    ],
  });

const EVENTS = 200;

export const CASES: readonly Case[] = [
  {
    name: "relay plain 1 KB",
    path: "/v1/chat/completions",
    nginxPath: "/v1/chat/completions",
    body: chat("openai/gpt-4o-mini", 1024, false),
    events: 0,
    connections: 32,
  },
  {
    name: "relay plain 20 KB",
    path: "/v1/chat/completions",
    nginxPath: "/v1/chat/completions",
    body: chat("openai/gpt-4o-mini", 20_480, false),
    events: 0,
    connections: 32,
  },
  {
    name: "relay stream 200",
    path: "/v1/chat/completions",
    nginxPath: "/v1/chat/completions",
    body: chat("openai/gpt-4o-mini", 1024, true),
    events: EVENTS,
    connections: 32,
  },
  {
    name: "OpenAI to Anthropic plain",
    path: "/v1/chat/completions",
    nginxPath: "/v1/messages",
    body: chat("anthropic/claude-sonnet-4-5", 1024, false),
    events: 0,
    connections: 32,
  },
  {
    name: "OpenAI to Anthropic stream",
    path: "/v1/chat/completions",
    nginxPath: "/v1/messages",
    body: chat("anthropic/claude-sonnet-4-5", 1024, true),
    events: EVENTS,
    connections: 32,
  },
];
