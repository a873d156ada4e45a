/** What a check looks at in an answer. */
export interface Answer {
  status: number;
  /** Text of the answer; empty when it is an error. */
  text: string;
  error: {
    code: string;
    message: string;
    limit?: { scope: string; limit: number; used: number };
    attempts?: { model: string; status: number }[];
  };
  /** By the part of their name after `x-trunkline-`; and `retry-after`. */
  header(name: string): string;
}

/** Sends a chat completion as curl would; `fields` replace or add to those of the body. */
export async function chat(
  url: string,
  fields: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ messages: [{ role: "user", content: "Hello" }], ...fields }),
  });
  const body = (await response.json()) as { choices?: { message: { content: string } }[]; error?: Answer["error"] };
  return {
    status: response.status,
    text: body.choices?.[0]?.message.content ?? "",
    error: body.error ?? { code: "", message: "" },
    header: (name) => response.headers.get(`x-trunkline-${name}`) ?? response.headers.get(name) ?? "",
  };
}
