import { describe, expect, test } from "bun:test";
import type { MetricDefinition } from "./definition.ts";
import { createRegistry } from "./registry.ts";

const counter = (fields: Partial<MetricDefinition> = {}): MetricDefinition => ({
  name: "calls_total",
  type: "counter",
  help: "Calls.",
  labels: ["who"],
  ...fields,
});

/** Reads exposition text back by the rules of the format, so that escaping is checked by its inverse. */
function readSamples(text: string): Map<string, { labels: Record<string, string>; value: string }[]> {
  const samples = new Map<string, { labels: Record<string, string>; value: string }[]>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const match = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/s.exec(line);
    if (match === null) throw new Error(`not a sample: ${line}`);
    const labels: Record<string, string> = {};
    for (const [, name = "", raw = ""] of (match[2] ?? "").matchAll(/(\w+)="((?:\\.|[^"\\])*)"(?:,|$)/g)) {
      labels[name] = raw.replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter));
    }
    const name = match[1] ?? "";
    samples.set(name, [...(samples.get(name) ?? []), { labels, value: match[3] ?? "" }]);
  }
  return samples;
}

describe("exposition", () => {
  test("counters, gauges and histograms as the format wants them, byte for byte", () => {
    const registry = createRegistry();
    const calls = registry.counter(counter());
    const depth = registry.gauge({ name: "depth", type: "gauge", help: "Depth.", labels: [] });
    const seconds = registry.histogram({
      name: "seconds",
      type: "histogram",
      help: "Time.",
      labels: ["op"],
      buckets: [0.1, 1],
    });
    calls.add(["a"]);
    calls.add(["a"], 2);
    calls.add(["b"]);
    depth.set([], -1.5);
    seconds.observe(["x"], 0.1);
    seconds.observe(["x"], 0.5);
    seconds.observe(["x"], 4);
    expect(registry.render()).toBe(
      [
        "# HELP calls_total Calls.",
        "# TYPE calls_total counter",
        'calls_total{who="a"} 3',
        'calls_total{who="b"} 1',
        "# HELP depth Depth.",
        "# TYPE depth gauge",
        "depth -1.5",
        "# HELP seconds Time.",
        "# TYPE seconds histogram",
        'seconds_bucket{op="x",le="0.1"} 1',
        'seconds_bucket{op="x",le="1"} 2',
        'seconds_bucket{op="x",le="+Inf"} 3',
        'seconds_sum{op="x"} 4.6',
        'seconds_count{op="x"} 3',
        "",
      ].join("\n"),
    );
  });

  test("a histogram without labels has bare sum and count lines", () => {
    const registry = createRegistry();
    registry.histogram({ name: "s", type: "histogram", help: "", labels: [], buckets: [1] }).observe([], 2);
    expect(registry.render()).toContain('s_bucket{le="1"} 0\ns_bucket{le="+Inf"} 1\ns_sum 2\ns_count 1\n');
  });

  test("backslash, quote and line feed survive in label values; other characters are left alone", () => {
    const registry = createRegistry();
    const calls = registry.counter(counter({ help: "a\\b\nc" }));
    const values = ['say "hi"', "back\\slash", "two\nlines", "\\n", "tab\tπ{}=,", ""];
    for (const value of values) calls.add([value]);
    const text = registry.render();
    expect(text).toStartWith("# HELP calls_total a\\\\b\\nc\n");
    expect(text).toContain('calls_total{who="say \\"hi\\""} 1\n');
    expect(text).toContain('calls_total{who="\\\\n"} 1\n');
    expect(
      readSamples(text)
        .get("calls_total")
        ?.map((sample) => sample.labels["who"]),
    ).toEqual(values);
  });

  test("infinite and missing values have their own spelling", () => {
    const registry = createRegistry();
    const gauge = registry.gauge({ name: "g", type: "gauge", help: "", labels: ["k"] });
    gauge.set(["inf"], Infinity);
    gauge.set(["neg"], -Infinity);
    gauge.set(["nan"], NaN);
    expect(registry.render()).toContain('g{k="inf"} +Inf\ng{k="neg"} -Inf\ng{k="nan"} NaN\n');
  });

  test("a counter without labels stands at 0 before its first increase, one with labels does not stand at all", () => {
    const registry = createRegistry();
    registry.counter(counter({ name: "a_total", labels: [] }));
    registry.counter(counter({ name: "b_total" }));
    expect([...readSamples(registry.render()).keys()]).toEqual(["a_total"]);
  });

  test("sums in integers show in base units, exactly", () => {
    const registry = createRegistry();
    const cost = registry.counter(counter({ name: "usd_total", labels: [], divisor: 1e9 }));
    for (let i = 0; i < 10; i++) cost.add([], 100_000_000);
    expect(registry.render()).toContain("usd_total 1\n");
  });

  test("computed metrics are read at each rendering", () => {
    const registry = createRegistry();
    let depth = 1;
    registry.computed({ name: "d", type: "gauge", help: "", labels: ["k"] }, () => [[["x"], depth]]);
    expect(registry.render()).toContain('d{k="x"} 1\n');
    depth = 2;
    expect(registry.render()).toContain('d{k="x"} 2\n');
  });
});

describe("cardinality", () => {
  test("values past the cap of a label count as other, and its siblings keep their values", () => {
    const registry = createRegistry({ maxLabelValues: 2 });
    const calls = registry.counter(counter({ labels: ["model", "outcome"] }));
    for (let i = 0; i < 100; i++) calls.add([`m${i}`, i % 2 === 0 ? "ok" : "failed"]);
    calls.add(["m0", "ok"]);
    const samples = readSamples(registry.render()).get("calls_total") ?? [];
    expect(samples.map(({ labels, value }) => `${labels["model"]} ${labels["outcome"]} ${value}`).toSorted()).toEqual([
      "m0 ok 2",
      "m1 failed 1",
      "other failed 49",
      "other ok 49",
    ]);
  });

  test("series past the cap of the metric are counted together, none is lost", () => {
    const registry = createRegistry({ maxSeries: 3 });
    const calls = registry.counter(counter({ labels: ["a", "b"] }));
    for (let i = 0; i < 50; i++) calls.add([`${i}`, `${i}`]);
    const samples = readSamples(registry.render()).get("calls_total") ?? [];
    expect(samples).toHaveLength(4);
    expect(samples.at(-1)).toEqual({ labels: { a: "other", b: "other" }, value: "47" });
  });

  test("values that only look alike when joined are different series", () => {
    const registry = createRegistry();
    const calls = registry.counter(counter({ labels: ["a", "b"] }));
    calls.add(["x,", "y"]);
    calls.add(["x", ",y"]);
    calls.add(["__proto__", "constructor"]);
    expect(readSamples(registry.render()).get("calls_total")).toHaveLength(3);
  });

  test("many series keep their own numbers while the storage grows", () => {
    const registry = createRegistry();
    const seconds = registry.histogram({ name: "s", type: "histogram", help: "", labels: ["k"], buckets: [1, 2] });
    for (let i = 0; i < 100; i++) for (let n = 0; n <= i; n++) seconds.observe([`${i}`], 1.5);
    const counts = readSamples(registry.render()).get("s_count") ?? [];
    expect(counts.map((sample) => Number(sample.value))).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });
});

describe("faults of the caller", () => {
  test.each([
    ["a name with a hyphen", counter({ name: "a-b_total" }), "not valid"],
    ["a counter without _total", counter({ name: "calls" }), "_total"],
    ["a reserved label", counter({ labels: ["__name"] }), "__name"],
    ["a repeated label", counter({ labels: ["a", "a"] }), "repeats"],
    ["a counter with buckets", counter({ buckets: [1] }), "buckets"],
  ])("%s is refused", (_, definition, message) => {
    expect(() => createRegistry().counter(definition)).toThrow(message);
  });

  test.each([[[]], [[2, 1]], [[1, 1]], [[1, Infinity]]])("buckets %p are refused", (buckets) => {
    const definition: MetricDefinition = { name: "s", type: "histogram", help: "", labels: [], buckets };
    expect(() => createRegistry().histogram(definition)).toThrow("ascending");
  });

  test("a histogram cannot take the label le, a name cannot be registered twice, types must agree", () => {
    const registry = createRegistry();
    const le: MetricDefinition = { name: "s", type: "histogram", help: "", labels: ["le"], buckets: [1] };
    expect(() => registry.histogram(le)).toThrow('"le"');
    registry.counter(counter());
    expect(() => registry.counter(counter())).toThrow("twice");
    expect(() => registry.gauge(counter({ name: "x_total" }))).toThrow("no gauge");
  });

  test("counters do not fall, and label values must be complete", () => {
    const calls = createRegistry().counter(counter());
    expect(() => calls.add(["a"], -1)).toThrow(RangeError);
    expect(() => calls.add(["a"], NaN)).toThrow(RangeError);
    expect(() => calls.add([])).toThrow("label values");
  });
});
