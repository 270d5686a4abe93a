import type { ErrorCode, Problem } from "../errors.js";

/** What a thread is started with: its kernels must be those of the thread that asks. */
export interface WorkerSettings {
  readonly kernels: "strict" | "relaxed";
}

/** What worker-pool.ts sends to fit-worker.ts. */
export interface JobMessage {
  readonly task: string;
  readonly input: unknown;
}

/** What comes back; a defect is an error that nobody meant to throw. */
export type ReplyMessage =
  | { readonly kind: "done"; readonly output: unknown }
  | {
      readonly kind: "refused";
      readonly code: ErrorCode;
      readonly message: string;
      readonly problems: readonly Problem[];
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "defect"; readonly message: string; readonly stack: string };
