import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { call, plain, request, serveRaw, type RawServer } from "./fixtures/raw-server.ts";
import { closeTracked, track } from "./fixtures/tracked.ts";
import { HttpClient, type HttpClientOptions } from "./http-client.ts";
import { type Origin, parseOrigin } from "./origin.ts";

let folder = "";
let ca = "";
let otherCa = "";

function openssl(...args: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args], { cwd: folder, stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`openssl ${args[0]}: ${stderr.toString()}`);
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function makeAuthority(name: string): string {
  openssl(
    "req",
    "-x509",
    ...NEW_KEY,
    "-keyout",
    `${name}.key`,
    "-out",
    `${name}.pem`,
    "-subj",
    `/CN=${name}`,
    "-days",
    "2",
  );
  return readFileSync(join(folder, `${name}.pem`), "utf8");
}

function makeCertificate(name: string, names: string, days = "2"): { key: string; cert: string } {
  writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}`);
  openssl("req", ...NEW_KEY, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", "/CN=localhost");
  openssl(
    "x509",
    "-req",
    "-in",
    `${name}.csr`,
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-out",
    `${name}.pem`,
    "-days",
    days,
    "-extfile",
    `${name}.ext`,
  );
  return {
    key: readFileSync(join(folder, `${name}.key`), "utf8"),
    cert: readFileSync(join(folder, `${name}.pem`), "utf8"),
  };
}

let good = { key: "", cert: "" };
let elsewhere = { key: "", cert: "" };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "http-client-tls-"));
  ca = makeAuthority("ca");
  otherCa = makeAuthority("other");
  good = makeCertificate("good", "DNS:localhost,IP:127.0.0.1");
  elsewhere = makeCertificate("elsewhere", "DNS:elsewhere.test");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

afterEach(closeTracked);

const client = (tls?: HttpClientOptions["tls"]): HttpClient => track(new HttpClient(tls === undefined ? {} : { tls }));

const serve = async (
  certificate: { key: string; cert: string },
  answer: Parameters<typeof serveRaw>[0] = (socket) => socket.write(plain("ok")),
): Promise<RawServer> => track(await serveRaw(answer, certificate));

const byName = (server: RawServer): Origin => parseOrigin(`https://localhost:${server.origin.port}`);

describe("TLS", () => {
  test("the right authority and name are accepted, and the connection is used again", async () => {
    const server = await serve(good);
    const one = client({ ca });
    for (const reused of [false, true, true]) {
      expect(await call(one, request(byName(server)))).toMatchObject({ body: "ok", exchange: { reused } });
    }
    expect(server.connections()).toBe(1);
  });

  test("a name goes along as SNI, an address does not", async () => {
    const names: unknown[] = [];
    const server = await serve(good, (socket) => {
      names.push((socket as TLSSocket & { servername?: unknown }).servername);
      socket.write(plain("ok"));
    });
    const one = client({ ca });
    await call(one, request(byName(server)));
    await call(one, request(server.origin));
    expect(names).toEqual(["localhost", false]);
  });

  test("an address in the certificate is accepted", async () => {
    const server = await serve(good);
    expect((await call(client({ ca }), request(server.origin))).body).toBe("ok");
  });

  test.each([
    ["the well-known authorities", undefined],
    ["another authority", "other"],
  ])("%s do not vouch for it", async (_name, which) => {
    const server = await serve(good);
    const one = client(which === undefined ? undefined : { ca: otherCa });
    const heard = await call(one, request(byName(server)));
    expect(heard.events).toEqual(["tls"]);
    expect(server.requests).toEqual([]);
    expect(one.stats()).toEqual({ open: 0, idle: 0 });
  });

  test("another host's certificate is refused, by name and by address", async () => {
    const server = await serve(elsewhere);
    for (const origin of [byName(server), server.origin]) {
      expect((await call(client({ ca }), request(origin))).events).toEqual(["tls"]);
    }
    expect(server.requests).toEqual([]);
  });

  test("unless verification is switched off", async () => {
    const server = await serve(elsewhere);
    expect((await call(client({ rejectUnauthorized: false }), request(byName(server)))).body).toBe("ok");
  });

  test("a server that does not speak TLS", async () => {
    for (const rejectUnauthorized of [true, false]) {
      const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("plain") });
      const origin = parseOrigin(`https://127.0.0.1:${server.port}`);
      const heard = await call(client({ rejectUnauthorized }), request(origin, { connectTimeoutMs: 1_000 }));
      expect(heard.events).toEqual(["tls"]);
      await server.stop(true);
    }
  });

  test("an authority that is no certificate", async () => {
    const server = await serve(good);
    const heard = await call(client({ ca: "garbage" }), request(byName(server)));
    expect(heard.events).toEqual(["tls"]);
    expect(heard.error?.message).toContain("Invalid CA");
  });

  test("large bodies both ways", async () => {
    const body = "ä".repeat(5_000_000);
    const server = await serve(good, (socket, incoming) => socket.write(plain(incoming.body.toString())));
    expect((await call(client({ ca }), request(byName(server), { body }))).body).toBe(body);
  });

  test("a closed connection within the body is an error, and a kept one that closed is replaced", async () => {
    const server = await serve(good, (socket, { connection, turn }) => {
      if (connection === 0 && turn === 1) socket.destroy();
      else if (connection === 2) socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc");
      else socket.write(plain("ok"));
    });
    const one = client({ ca });
    await call(one, request(byName(server)));
    expect(await call(one, request(byName(server)))).toMatchObject({ body: "ok", exchange: { reused: false } });
    one.close();
    expect((await call(client({ ca }), request(byName(server)))).events).toEqual(["head", "data", "truncated"]);
  });

  test("a paused exchange stops the server", async () => {
    const total = 60_000_000;
    let sent = 0;
    const piece = Buffer.alloc(65_536, "f");
    const server = await serve(good, (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${total}\r\n\r\n`);
      const go = (): void => {
        while (sent < total) {
          const next = piece.subarray(0, Math.min(piece.length, total - sent));
          sent += next.length;
          if (!socket.write(next)) {
            socket.once("drain", go);
            return;
          }
        }
      };
      go();
    });
    let paused = false;
    const heard = await call(client({ ca }), request(byName(server)), {
      sent: (exchange) => (own = exchange),
      onData: () => {
        if (paused) return;
        paused = true;
        own?.pause();
        setTimeout(() => {
          expect(sent).toBeLessThan(30_000_000);
          own?.resume();
        }, 300);
      },
    });
    expect(heard.body.length).toBe(total);
  });
  let own: { pause(): void; resume(): void } | undefined;
});
