import { startGateway, type Gateway } from "../gateway/start.ts";
import { startMockUpstream, type MockRequest, type MockUpstream, type Step } from "../mock-upstream/server.ts";

/** What the mock plays for a model, or whatever a path names. */
export type Play = Step[] | ((request: MockRequest) => Step[] | Promise<Step[]>);

/** A gateway before a mock that is all providers of media at once, each below its name. */
export interface MediaScene {
  gateway: Gateway;
  mock: MockUpstream;
  /** Plays for requests whose path or body holds this text; the last match wins. */
  play(holding: string, script: Play): void;
  stop(): Promise<void>;
}

export const KEY = "sk-tl-media-tests-0123456789";
export const OTHER_KEY = "sk-tl-media-tests-9876543210";
/** One full speech fits it, two do not. */
export const TIGHT_KEY = "sk-tl-media-tests-5555555555";
export const SECRET = "secret-of-the-media-provider";

const VENDORS = [
  "assemblyai",
  "black-forest-labs",
  "deepgram",
  "deepinfra",
  "elevenlabs",
  "fal",
  "gemini",
  "mistral",
  "openai",
  "replicate",
  "runway",
  "siliconflow",
  "stability",
  "together",
  "xai",
];
/** Models that are billed by the piece. */
const BY_PIECE = ["aura-paid", "ocr-paid"];
const NETWORK = { connect_timeout_ms: 500, first_byte_timeout_ms: 500, idle_timeout_ms: 500, max_retries: 0 };

export async function startMediaScene(): Promise<MediaScene> {
  const plays: { holding: string; script: Play }[] = [];
  const mock = await startMockUpstream((request) => {
    const text = request.path + request.body;
    const found = plays.findLast(({ holding }) => text.includes(holding));
    if (found === undefined) return notScripted(request);
    return typeof found.script === "function" ? found.script(request) : found.script;
  });
  const gateway = await startGateway({ config: configFor(mock.url) });
  return {
    gateway,
    mock,
    play: (holding, script) => void plays.push({ holding, script }),
    stop: async () => {
      await gateway.stop();
      await mock.stop();
    },
  };
}

function notScripted({ method, path }: MockRequest): Step[] {
  const body = JSON.stringify({ error: { message: `nothing to play for ${method} ${path}` } });
  return [
    { write: `HTTP/1.1 404 X\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}` },
  ];
}

function configFor(url: string): object {
  const keys = [{ name: "main", value: SECRET }];
  const pricing = {
    "*": { input: 1, output: 10 },
    ...Object.fromEntries(BY_PIECE.map((model) => [model, { units: { characters: 0.001, pages: 0.002 } }])),
  };
  const providers = Object.fromEntries(
    [...VENDORS, "spare"].map((name) => {
      const base = { base_url: `${url}/${name}`, keys, network: NETWORK, pricing };
      return [name, name === "spare" ? { ...base, dialect: "openai-chat" } : base];
    }),
  );
  const provider_configs = Object.keys(providers).map((provider) => ({ provider }));
  const virtual = { provider_configs };
  return {
    providers,
    governance: {
      virtual_keys: [
        { name: "app", value: KEY, ...virtual },
        { name: "other", value: OTHER_KEY, ...virtual },
        { name: "tight", value: TIGHT_KEY, ...virtual, budgets: [{ limit_usd: 0.0011, period: "1d" }] },
      ],
    },
    routing: {
      rules: [
        {
          name: "speech in wav",
          when: 'operation == "speech" && params.response_format == "wav" && model == "by-rule"',
          targets: [{ provider: "openai", model: "ruled" }],
        },
      ],
    },
  };
}
