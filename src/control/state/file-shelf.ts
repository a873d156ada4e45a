import { mkdirSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError } from "../../canonical/errors.ts";
import type { JsonObject } from "../../canonical/json.ts";
import type { Asker } from "../../domain/state/ask.ts";
import type { KeptObject, StateStore } from "../../domain/state/port.ts";
import { timeOrderedId } from "../../lib/ids.ts";
import type { StateSettings } from "./settings.ts";

/** What is said of a file when it is put on the shelf. */
export interface FileFacts {
  filename: string;
  purpose: string;
  /** Seconds from now; null: as long as files are kept. */
  expiresAfter: number | null;
}

/** Files of callers: their bytes in a folder, what is known of them in the store. */
export class FileShelf {
  private readonly store: StateStore;
  private readonly settings: () => StateSettings;

  constructor(store: StateStore, settings: () => StateSettings) {
    this.store = store;
    this.settings = settings;
  }

  /** Throws when one more file of so many bytes may not be put down. */
  check(owner: string, bytes: number): void {
    const { maxFileBytes, maxFiles } = this.settings();
    if (bytes > maxFileBytes) {
      throw new GatewayError("body_too_large", `the file has ${bytes} bytes, the limit is ${maxFileBytes}`, {
        param: "file",
      });
    }
    if (this.store.countObjects(owner, "file") < maxFiles) return;
    throw new GatewayError("invalid_request", `there are ${maxFiles} files already: delete some`, { param: "file" });
  }

  /** Puts a file on the shelf. The id of one that the gateway makes itself is given: making it again changes nothing. */
  async put(asker: Asker, facts: FileFacts, data: Uint8Array, id?: string): Promise<JsonObject> {
    const now = Date.now();
    if (id === undefined) this.check(asker.owner, data.byteLength);
    const name = id ?? timeOrderedId("file-", now);
    const { fileMs } = this.settings();
    const expires = Math.min(now + fileMs, facts.expiresAfter === null ? Infinity : now + facts.expiresAfter * 1000);
    const body = {
      id: name,
      object: "file",
      bytes: data.byteLength,
      created_at: Math.floor(now / 1000),
      expires_at: Math.floor(expires / 1000),
      filename: facts.filename,
      purpose: facts.purpose,
      status: "processed",
    };
    await Bun.write(this.pathOf(name), data, { mode: 0o600 });
    const object = { id: name, kind: "file", provider: null, provider_key: null, bytes: data.byteLength } as const;
    this.store.putObject({ ...object, ...asker, created_at: now, expires_at: expires, body: JSON.stringify(body) });
    return body;
  }

  /** The bytes of a file that lies here. */
  bytes({ id }: KeptObject): Bun.BunFile {
    return Bun.file(this.pathOf(id));
  }

  /** Takes a file down; one that lies elsewhere is only forgotten. */
  async drop(file: KeptObject): Promise<void> {
    this.store.dropObject(file.id);
    await this.discard(file);
  }

  /** Deletes the bytes of a file that the store has forgotten. */
  async discard({ id, provider }: KeptObject): Promise<void> {
    if (provider === null) await unlink(this.pathOf(id)).catch(() => {});
  }

  private pathOf(id: string): string {
    if (!/^file-[\w-]+$/.test(id)) throw new GatewayError("not_found", "no such file");
    const { dir } = this.settings();
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return join(dir, id);
  }
}
