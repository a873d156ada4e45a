/** The page at `/`: that the gateway runs, and what to call. */
export function landingPage(version: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Trunkline</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 46rem; margin: 4rem auto; padding: 0 1.5rem; }
  h1 { margin-bottom: 0; }
  p.version { margin-top: 0; opacity: .7; }
  pre { padding: 1rem; overflow-x: auto; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; }
  td { padding: .2rem 1.5rem .2rem 0; vertical-align: top; }
</style>
</head>
<body>
<main>
<h1>Trunkline</h1>
<p class="version">version ${version}, running</p>
<p>Send it a request, in the dialect of any of these SDKs:</p>
<pre>curl -s ${"$"}ORIGIN/v1/chat/completions -H 'content-type: application/json' \\
  -d '{"model":"demo/demo-fast","messages":[{"role":"user","content":"Hello"}]}'</pre>
<table>
<tr><td><code>/v1/chat/completions</code>, <code>/v1/responses</code></td><td>OpenAI</td></tr>
<tr><td><code>/v1/messages</code></td><td>Anthropic</td></tr>
<tr><td><code>/v1beta/models/…:generateContent</code></td><td>Gemini</td></tr>
<tr><td><code>/v1/models</code></td><td>models that you may use</td></tr>
<tr><td><code>/api/logs</code></td><td>records of requests (admin token)</td></tr>
<tr><td><code>/metrics</code>, <code>/healthz</code>, <code>/readyz</code></td><td>for the platform</td></tr>
</table>
</main>
</body>
</html>
`;
}
