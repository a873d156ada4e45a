import { describe, expect, test } from "bun:test";
import { load, problemsOf } from "../fixtures/load.ts";

describe("what the schema refuses", () => {
  test.each([
    ["servr: {}", "servr: unknown key", "did you mean server?"],
    ["server: { prot: 1 }", "server.prot: unknown key", "did you mean port?"],
    ["server: { xyzzy: 1 }", "server.xyzzy: unknown key", "known: host, port"],
    [
      "providers: { openai: { keys: [{ name: a, valeu: x, value: y }] } }",
      "providers.openai.keys[0].valeu: unknown key",
      "did you mean value?",
    ],
    ["server: { port: 70000 }", "server.port: must be at most 65535", undefined],
    ["server: { port: '80' }", "server.port: must be a number", undefined],
    ["server: { port: 1.5 }", "server.port: must be a whole number", undefined],
    ["log_level: inof", "log_level: must be debug or info or warn or error", "did you mean info?"],
    ["server: []", "server: must be a mapping of keys to values", undefined],
    ["version: 2", "version: must be 1", undefined],
    ["providers: { openai: { keys: [{ name: a }] } }", "providers.openai.keys[0].value: is required", undefined],
    ["server: { threads: many }", "server.threads: must be auto, or a number", undefined],
    ["aliases: { a: 5 }", "aliases.a: must be text, or a mapping of keys to values", undefined],
    ["aliases: { a: { target: [] } }", "aliases.a.targets: is required", undefined],
    ["aliases: { a: { targets: [] } }", "aliases.a.targets: must not be empty", undefined],
    [
      "governance: { virtual_keys: [{ name: a, value: sk-tl-0123456789abcdef, expires_at: soon }] }",
      "governance.virtual_keys[0].expires_at: must be an ISO 8601 date and time, such as 2027-01-31T12:00:00Z",
      undefined,
    ],
    [
      "governance: { teams: [{ name: a, budgets: [{ limit_usd: 0, period: 1d }] }] }",
      "governance.teams[0].budgets[0].limit_usd: must be more than 0",
      undefined,
    ],
    [
      "governance: { teams: [{ name: a, budgets: [{ limit_usd: 1, period: 1x }] }] }",
      "governance.teams[0].budgets[0].period: must be a count and a unit (s, m, h, d, w, M, Y), such as 1d or 1M, or never",
      undefined,
    ],
    [
      "governance: { teams: [{ name: a, rate_limits: [{ metric: requests, limit: 1, window: never }] }] }",
      "governance.teams[0].rate_limits[0].window: must be a count and a unit (s, m, h, d, w, M, Y), such as 1m or 1h",
      undefined,
    ],
    [
      "governance: { teams: [{ name: ' a' }] }",
      "governance.teams[0].name: must be printable text without blanks at its ends",
      undefined,
    ],
    [
      "providers: { 'a/b': {} }",
      "providers[\"a/b\"]: this name must be letters, digits, '.', '_' and '-', starting with a letter or digit",
      undefined,
    ],
    [
      "providers: { openai: { base_url: 'ftp://x' } }",
      "providers.openai.base_url: must be an http or https URL",
      undefined,
    ],
  ])("%s", (text, message, remedy) => {
    const problems = problemsOf(text);
    expect(problems.map((problem) => `${problem.path}: ${problem.message}`)).toContain(message);
    const found = problems.find((problem) => `${problem.path}: ${problem.message}` === message);
    if (remedy !== undefined) expect(found?.remedy).toStartWith(remedy);
    expect(found?.line).toBe(1);
  });

  test("all problems at once, in the order of the file, with places", () => {
    const text =
      "server:\n  port: 99999\nlog_level: loud\nproviders:\n  openai:\n    keys:\n      - value: a\n        weight: -1\n";
    expect(problemsOf(text)).toEqual([
      { path: "server.port", source: "t.yaml", line: 2, column: 3, message: "must be at most 65535", got: "99999" },
      {
        path: "log_level",
        source: "t.yaml",
        line: 3,
        column: 1,
        message: "must be debug or info or warn or error",
        got: '"loud"',
      },
      { path: "providers.openai.keys[0].name", source: "t.yaml", line: 7, column: 9, message: "is required" },
      {
        path: "providers.openai.keys[0].weight",
        source: "t.yaml",
        line: 8,
        column: 9,
        message: "must be at least 0",
        got: "-1",
      },
    ]);
  });

  test("the text of the error reads file:line:column", () => {
    const read = () => load("server:\n  port: 99999\n");
    expect(read).toThrow("t.yaml:2:3: server.port: must be at most 65535 (got 99999)");
  });

  test("no message shows a credential, wherever it was put by mistake", () => {
    const misplaced = [
      "providers: { openai: { keys: sk-secret } }",
      "providers: { openai: { keys: [sk-secret] } }",
      "providers: { openai: { keys: { a: sk-secret } } }",
      "providers: { openai: sk-secret }",
      "providers: { openai: { key: sk-secret } }",
      "providers: { openai: { keys: [{ name: a, value: [sk-secret] }] } }",
      "providers: { openai: { keys: [{ name: a, value: { env: sk-secret } }] } }",
      "providers: { openai: { headers: sk-secret } }",
      "providers: { openai: { base_url: 'https:// user:sk-secret@x' } }",
      "providers: sk-secret",
      "governance: { virtual_keys: [sk-secret] }",
      "governance: { virtual_keys: [{ name: a, value: wrong-secret }] }",
      "governance: { virtual_keys: [{ name: a, hash: sk-secret }] }",
      "access: { admin_token: [sk-secret] }",
      "access: sk-secret",
      "store: sk-secret",
      "store: { url: 'postgres://u:sk-secret@db/x' }",
      "log_level: sk-secret",
      "server: { port: sk-secret }",
    ];
    for (const text of misplaced) {
      const problems = problemsOf(text);
      expect([text, problems.length > 0]).toEqual([text, true]);
      expect(JSON.stringify(problems)).not.toContain("secret");
    }
  });
});
