/** JSON of unknown shape, as tests read it: a wrong path is a failing test. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = any;
