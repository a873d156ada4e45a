/** Why a store cannot be used. */
export type StoreFault =
  /** The URL is not one of this store. */
  | "url"
  /** The file cannot be opened or created. */
  | "unopenable"
  /** The file is a database of some other program. */
  | "foreign"
  /** A newer program has changed the schema. */
  | "newer"
  /** The file was moved or deleted while open: what is written now would go nowhere. */
  | "moved";

export class StoreError extends Error {
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.fault = fault;
  }
}
