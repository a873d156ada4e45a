/** Base URLs for the SDKs of vendors, below the gateway's origin. */
const SDKS: readonly (readonly [sdk: string, path: string])[] = [
  ["OpenAI", "/v1"],
  ["Anthropic", "/anthropic"],
  ["Google Gen AI", "/genai"],
  ["AWS, for Bedrock", "/bedrock"],
  ["Cohere", "/cohere"],
  ["Ollama", "/ollama"],
];

const PATHS: readonly (readonly [path: string, about: string])[] = [
  ["/v1/models", "the models that you may use"],
  ["/api/logs", "records of requests, with the admin token"],
  ["/api/openapi.json", "the management API, with the admin token"],
  ["/metrics", "for Prometheus"],
  ["/healthz, /readyz", "for the platform"],
];

const STYLE = `
  :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent); --accent: light-dark(#0b6e4f, #4fd1a5); }
  body { margin: 0; font: 16px/1.55 system-ui, sans-serif; }
  main { max-width: 44rem; margin: 0 auto; padding: 3.5rem 1.5rem; }
  header { display: flex; align-items: baseline; gap: .75rem; flex-wrap: wrap; border-bottom: 3px solid var(--accent); padding-bottom: .75rem; }
  h1 { margin: 0; font-size: 1.75rem; letter-spacing: -.02em; }
  h2 { margin: 2.25rem 0 .6rem; font-size: 1rem; }
  p { margin: .6rem 0; }
  .quiet { opacity: .72; }
  code, pre { font: .875rem/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
  pre { margin: 0; padding: .9rem 1rem; background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
  dl { display: grid; grid-template-columns: minmax(9rem, auto) 1fr; margin: 0; }
  dt, dd { margin: 0; padding: .45rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
  dt { padding-right: 1.5rem; }
  @media (max-width: 30rem) { main { padding-top: 2rem; } dl { grid-template-columns: 1fr; } dd { border: 0; padding-top: 0; } }
`;

/** The page at `/`: that the gateway runs, and how to call it at `origin`, the address under which the reader has found it. */
export function landingPage(version: string, origin: string): string {
  const base = Bun.escapeHTML(origin);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trunkline</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header><h1>Trunkline</h1><span class="quiet">version ${Bun.escapeHTML(version)}, running</span></header>
<h2>Send a request</h2>
<pre>curl ${base}/v1/chat/completions \\
  -H 'content-type: application/json' \\
  -d '{"model":"demo/demo-fast","messages":[{"role":"user","content":"Hello"}]}'</pre>
<p class="quiet">Where callers need a virtual key, add <code>-H 'authorization: Bearer sk-tl-…'</code>. Without the demo provider, take a model from <code>/v1/models</code>.</p>
<h2>Or with the SDK that you have: change its base URL</h2>
<dl>
${SDKS.map(([sdk, path]) => `<dt>${sdk}</dt><dd><code>${base}${path}</code></dd>`).join("\n")}
</dl>
<h2>Look inside</h2>
<dl>
${PATHS.map(([path, about]) => `<dt><code>${path}</code></dt><dd>${about}</dd>`).join("\n")}
</dl>
</main>
</body>
</html>
`;
}
