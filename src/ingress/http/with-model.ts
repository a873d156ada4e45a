import { patchBody, type RawBody } from "../../domain/attempt/patch.ts";
import { scanTopLevel } from "../../lib/json-scan.ts";

/** A body that names this model, whatever it named before; everything else stays as the client sent it. */
export function withModel(body: RawBody, model: string): RawBody {
  if (body.json["model"] === model) return body;
  const json = { ...body.json, model };
  if (body.form !== null) {
    const others = body.form.filter(({ name }) => name !== "model");
    return { ...body, json, form: [...others, { name: "model", data: Buffer.from(model) }] };
  }
  const text = patchBody(body, new Map([["model", JSON.stringify(model)]]));
  return { text, json, scan: scanTopLevel(text, { maxDepth: body.scan.depth + 1 }), form: null };
}
