const PATIENCE_MS = 10_000;

/** The models that a running gateway offers to a key. Throws, in words for its user, when it is not there or refuses the key. */
export async function offeredModels(url: string, key: string): Promise<string[]> {
  const response = await fetchModels(url, key);
  const body = (await response.json().catch(() => null)) as {
    data?: { id: string }[];
    error?: { message?: string };
  } | null;
  if (response.status === 401) throw new Error(`the gateway at ${url} wants a virtual key: --key, or TRUNKLINE_KEY`);
  if (!Array.isArray(body?.data)) {
    throw new Error(`what answers at ${url} is no gateway: ${body?.error?.message ?? `status ${response.status}`}`);
  }
  return body.data.map(({ id }) => id);
}

async function fetchModels(url: string, key: string): Promise<Response> {
  try {
    const headers = { authorization: `Bearer ${key}` };
    return await fetch(`${url}/v1/models`, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    throw new Error(`no gateway at ${url}: start one (trunkline start), or name it with --url`, { cause: error });
  }
}
