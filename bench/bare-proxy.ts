/** The least that a proxy on this runtime can be: it looks at nothing, and hands bodies on as they come. `bare-proxy.ts UPSTREAM`. */
const upstream = process.argv[2] ?? "";

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  async fetch(request) {
    const path = request.url.slice(request.url.indexOf("/", 8));
    const headers = { "content-type": "application/json", authorization: request.headers.get("authorization") ?? "" };
    const answer = await fetch(upstream + path, { method: "POST", headers, body: await request.arrayBuffer() });
    const type = answer.headers.get("content-type") ?? "";
    return new Response(answer.body, { status: answer.status, headers: { "content-type": type } });
  },
});
console.log(`ready on ${server.port}`);
