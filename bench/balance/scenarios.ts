/** How a simulated target behaves at one moment. */
export interface Behaviour {
  /** Time to the first content, milliseconds; what single calls take scatters around it. */
  firstContentMs: number;
  /** Share of calls that fail at once. */
  errors: number;
  /** Share of calls whose stream breaks off after the first content: no other target can make that good. */
  cuts: number;
  /** Share of calls that are refused for the quota, at once, with a `retry-after` of two seconds. */
  limited: number;
  /** Nothing comes: the call fails after the first-byte timeout. */
  isSilent: boolean;
}

export interface ScriptedTarget {
  name: string;
  weight: number;
  /** Of one call, in cents. */
  cost: number;
  /** `at`: seconds since the start. */
  behaviour(at: number): Behaviour;
}

export interface Scenario {
  name: string;
  seconds: number;
  /** The trouble of target `a` begins and ends, seconds; null: there is none, or it does not end. */
  trouble: { from: number; until: number | null } | null;
  targets: readonly ScriptedTarget[];
}

const WELL: Behaviour = { firstContentMs: 400, errors: 0, cuts: 0, limited: 0, isSilent: false };
const well = (): Behaviour => WELL;

function pair(behaviour: ScriptedTarget["behaviour"]): ScriptedTarget[] {
  return [
    { name: "a", weight: 1, cost: 1, behaviour },
    { name: "b", weight: 1, cost: 2, behaviour: well },
  ];
}

/** `during` holds from `from` to `until`. */
function phase(from: number, until: number, during: Partial<Behaviour>): ScriptedTarget["behaviour"] {
  return (at) => (at >= from && at < until ? { ...WELL, ...during } : WELL);
}

export const SCENARIOS: readonly Scenario[] = [
  { name: "all well", seconds: 240, trouble: null, targets: pair(well) },
  {
    name: "slow degradation",
    seconds: 240,
    trouble: { from: 60, until: 180 },
    // From 0.4 s to 10 s within a minute, then silence.
    targets: pair((at) => {
      if (at < 60 || at >= 180) return WELL;
      const firstContentMs = 400 + Math.min(1, (at - 60) / 60) * 9600;
      return { ...WELL, firstContentMs, isSilent: at >= 120 };
    }),
  },
  {
    name: "20 % errors, half of them mid-stream",
    seconds: 240,
    trouble: { from: 60, until: 180 },
    targets: pair(phase(60, 180, { errors: 0.1, cuts: 0.1 })),
  },
  {
    name: "429 storm",
    seconds: 240,
    trouble: { from: 60, until: 180 },
    targets: pair(phase(60, 180, { limited: 0.9 })),
  },
  {
    name: "outage and recovery",
    seconds: 240,
    trouble: { from: 60, until: 120 },
    targets: pair(phase(60, 120, { isSilent: true })),
  },
  {
    name: "breaks off mid-stream",
    seconds: 240,
    trouble: { from: 60, until: 120 },
    targets: pair(phase(60, 120, { cuts: 1 })),
  },
  {
    name: "flapping every 10 s",
    seconds: 240,
    trouble: { from: 60, until: 180 },
    targets: pair((at) => (at >= 60 && at < 180 && at % 20 < 10 ? { ...WELL, errors: 0.5, cuts: 0.5 } : WELL)),
  },
];
