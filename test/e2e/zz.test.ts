import { test } from "bun:test";
import { loadExchanges } from "./recorded/exchanges.ts";
import { dialects } from "../../src/compose/dialects.ts";
const fails = new Map<string, { n: number; ex: string }>();
const note = (k: string, ex: string) => {
  const f = fails.get(k);
  if (f) f.n++;
  else fails.set(k, { n: 1, ex });
};
function flat(req: any) {
  const out: any = {
    sys: "",
    turns: [] as string[],
    calls: [] as any[],
    results: [] as any[],
    tools: req.tools.map((t: any) => t.type + ":" + (t.name ?? "")).sort(),
    choice: JSON.stringify(req.toolChoice ?? null),
    max: req.maxOutputTokens,
    stop: req.stop,
    temp: req.temperature,
    fmt: req.responseFormat?.type,
    media: 0,
  };
  const txt = (ps: any[]) =>
    ps.map((p) => (p.type === "text" ? p.text : p.type === "refusal" ? p.text : (out.media++, ""))).join("");
  for (const i of req.items) {
    if (i.type === "message") {
      if (i.role === "system" || i.role === "developer") out.sys += txt(i.content);
      else out.turns.push(i.role + ":" + txt(i.content));
    } else if (i.type === "tool_call") {
      let a = i.arguments;
      try {
        a = JSON.parse(a || "{}");
      } catch {}
      out.calls.push([i.name, a]);
    } else if (i.type === "tool_result") out.results.push(txt(i.content));
  }
  // merge adjacent same role
  const m: string[] = [];
  for (const t of out.turns) {
    const [r] = t.split(":", 1);
    const l = m.at(-1);
    if (l && l.startsWith(r + ":")) m[m.length - 1] = l + t.slice(r!.length + 1);
    else m.push(t);
  }
  out.turns = m.filter((t) => !/^\w+:$/.test(t));
  return out;
}
test("x", () => {
  const warn = new Map<string, number>();
  for (const e of loadExchanges()) {
    const d = dialects.get(e.dialect)!;
    const path = e.dialect === "gemini" ? { pathModel: e.model, pathStream: e.isStream } : {};
    const req = d.decodeRequest({ body: e.request, ...path });
    for (const o of dialects.values()) {
      if (o === d) continue;
      const warnings: any[] = [];
      const enc = o.encodeRequest(req, { model: "m", warnings, flags: {}, maxOutputTokens: 64000 });
      for (const w of warnings) {
        const k = `${d.name}>${o.name} ${w.code} ${w.field}`;
        warn.set(k, (warn.get(k) ?? 0) + 1);
      }
      const back = o.decodeRequest({
        body: JSON.parse(JSON.stringify(enc.body)),
        ...(o.name === "gemini" ? { pathModel: "m", pathStream: e.isStream } : {}),
      });
      const a = flat(req),
        b = flat(back);
      const has = warnings.map((w) => w.code + " " + w.field).join(",");
      for (const k of Object.keys(a))
        if (JSON.stringify(a[k]) !== JSON.stringify(b[k]))
          note(
            `${d.name}>${o.name} ${k} warned[${has.slice(0, 120)}]`,
            e.id + "\n    " + JSON.stringify(a[k])?.slice(0, 300) + "\n    " + JSON.stringify(b[k])?.slice(0, 300),
          );
    }
  }
  for (const [k, v] of [...fails].sort((a, b) => (a[0] < b[0] ? -1 : 1))) console.log(v.n, k, "\n   ", v.ex);
  console.log(
    [...warn]
      .map(([k, n]) => n + " " + k)
      .sort()
      .join("\n"),
  );
});
