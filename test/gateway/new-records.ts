import { expect } from "bun:test";
import type { RequestRecord } from "../../src/canonical/record.ts";
import type { Gateway } from "./start.ts";

/** The records of a gateway since it was last asked. Which they are is told by their ids: two of one millisecond have no order. */
export class NewRecords {
  private readonly gateway: () => Gateway;
  private readonly known = new Set<string>();

  constructor(gateway: () => Gateway) {
    this.gateway = gateway;
  }

  /** Waits for so many new ones; there must be no more. */
  async take(count: number): Promise<RequestRecord[]> {
    const records = await this.gateway().records(this.known.size + count);
    const added = records.filter(({ id }) => !this.known.has(id));
    for (const { id } of added) this.known.add(id);
    expect(added).toHaveLength(count);
    return added;
  }

  /** Waits for one; there must be no other. */
  async one(): Promise<RequestRecord> {
    const [record] = await this.take(1);
    if (record === undefined) throw new Error("there is no new record");
    return record;
  }
}
