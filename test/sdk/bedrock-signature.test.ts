import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SignatureV4 } from "@smithy/signature-v4";
import { signV4 } from "../../src/lib/sigv4.ts";
import { writeConverse } from "../e2e/provider/bedrock.ts";
import { answerNamed } from "../e2e/provider/answer.ts";
import { startGateway, type Gateway } from "../gateway/start.ts";
import { jsonAnswer } from "../mock-upstream/answers.ts";
import { startMockUpstream, type MockRequest, type MockUpstream } from "../mock-upstream/server.ts";

const KEY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const TOKEN = "IQoJb3JpZ2luX2VjEXAMPLETOKEN==";
const REGION = "eu-central-1";
const NOW = Date.UTC(2026, 10, 25, 12, 0, 0);

/** The hash that AWS's package wants, of `node:crypto`. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as string | Uint8Array);
  }

  update(data: Uint8Array | string): void {
    this.hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }

  reset(): void {}
}

interface Signable {
  method: string;
  host: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** What AWS's own package makes of a request. */
async function official(request: Signable, sessionToken: string | undefined, now: number): Promise<string> {
  const signer = new SignatureV4({
    credentials: { ...KEY, ...(sessionToken !== undefined && { sessionToken }) },
    region: REGION,
    service: "bedrock",
    sha256: Sha256,
    applyChecksum: false,
  });
  const [path = "", search = ""] = request.path.split("?");
  const query = Object.fromEntries(new URLSearchParams(search));
  const { headers } = await signer.sign(
    {
      method: request.method,
      protocol: "https:",
      hostname: request.host,
      path,
      query,
      headers: { ...request.headers, host: request.host },
      body: request.body,
    },
    { signingDate: new Date(now) },
  );
  return headers["authorization"] ?? "";
}

const ID = "anthropic.claude-sonnet-4-5-20250929-v1:0";
const ARN = `arn:aws:bedrock:${REGION}:123456789012:inference-profile/eu.${ID}`;
const PATHS = [
  "/",
  `/model/${encodeURIComponent(ID)}/converse`,
  `/model/${encodeURIComponent(ARN)}/converse-stream`,
  "/model/a%20b/converse?x=1&a=%2F%20%2B",
  "/model/x!'()*~/converse",
];

describe("signatures are those of AWS's own package", () => {
  for (const path of PATHS) {
    for (const token of [undefined, TOKEN]) {
      test(`${path}${token === undefined ? "" : " with a session token"}`, async () => {
        const request: Signable = {
          method: "POST",
          host: `bedrock-runtime.${REGION}.amazonaws.com`,
          path,
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ messages: [{ role: "user", content: [{ text: "Grüße" }] }] }),
        };
        const key = { ...KEY, ...(token !== undefined && { sessionToken: token }) };
        const { authorization } = signV4(request, key, { region: REGION, service: "bedrock" }, NOW);
        expect(authorization).toBe(await official(request, token, NOW));
      });
    }
  }
});

describe("calls to Amazon Bedrock", () => {
  let mock: MockUpstream;
  let gateway: Gateway;

  beforeAll(async () => {
    mock = await startMockUpstream(() => jsonAnswer(writeConverse(answerNamed("text")).whole));
    const shared = { base_url: mock.url, network: { max_retries: 0 } };
    const { accessKeyId, secretAccessKey } = KEY;
    const credentials = { access_key_id: accessKeyId, secret_access_key: secretAccessKey, session_token: TOKEN };
    gateway = await startGateway({
      config: {
        access: { require_virtual_key: false },
        providers: {
          bedrock: { ...shared, settings: { region: REGION }, keys: [{ name: "iam", credentials }] },
          "bedrock-by-key": {
            ...shared,
            dialect: "bedrock-converse",
            keys: [{ name: "api", value: "bedrock-api-key" }],
          },
        },
      },
    });
  });

  afterAll(async () => {
    await gateway.stop();
    await mock.stop();
  });

  async function call(model: string): Promise<MockRequest> {
    mock.requests.length = 0;
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model, messages: [{ role: "user", content: "Grüße" }] }),
    });
    expect({ status: response.status, body: await response.text() }).toMatchObject({ status: 200 });
    const [request] = mock.requests;
    if (request === undefined) throw new Error("no call");
    return request;
  }

  test.each([ID, ARN])("to %s carry a good signature over what is sent", async (model) => {
    const { path, headers, body } = await call(`bedrock/${model}`);
    expect(path).toBe(`/model/${encodeURIComponent(model)}/converse`);
    expect(headers["x-amz-security-token"]).toBe(TOKEN);
    const time = headers["x-amz-date"] ?? "";
    const iso = time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
    const signed = { "content-type": headers["content-type"] ?? "" };
    const request = { method: "POST", host: headers["host"] ?? "", path, headers: signed, body };
    expect(headers["authorization"]).toBe(await official(request, TOKEN, Date.parse(iso)));
  });

  test("with an API key carry the key alone", async () => {
    const { headers } = await call(`bedrock-by-key/${ID}`);
    expect(headers["authorization"]).toBe("Bearer bedrock-api-key");
    expect(headers["x-amz-date"]).toBeUndefined();
  });
});
