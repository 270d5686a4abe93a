import { parentPort, workerData } from "node:worker_threads";
import { fitProcessTask } from "../campaign/fit-process-task.js";
import { CellwrightError } from "../errors.js";
import { heldOutTask } from "../evaluation/held-out-task.js";
import { useRelaxedKernels } from "../math/wasm/kernels.js";
import { settle, type Task } from "../surrogates/executor.js";
import type { JobMessage, ReplyMessage, WorkerSettings } from "./worker-messages.js";

/** The thread that worker-pool.ts starts: runs one job after another and never touches anything outside itself. */

/** A task of which only the worker knows that inputs and outputs belong together. */
interface Runnable {
  readonly name: string;
  reply(input: unknown): ReplyMessage;
}

const RUNNABLES = new Map([runnable(heldOutTask), runnable(fitProcessTask)].map((one) => [one.name, one]));

function runnable<Input, Output>(task: Task<Input, Output>): Runnable {
  return {
    name: task.name,
    reply(input) {
      const settled = settle(task, input as Input);
      if (!settled.ok) return refusal(settled.error);
      const output = task.travel === undefined ? settled.value : task.travel.pack(settled.value);
      return { kind: "done", output };
    },
  };
}

function reply({ task, input }: JobMessage): ReplyMessage {
  try {
    const found = RUNNABLES.get(task);
    if (found === undefined) throw new CellwrightError("INTERNAL", `No worker knows the task ${task}.`);
    return found.reply(input);
  } catch (error) {
    if (error instanceof CellwrightError) return refusal(error);
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    return { kind: "defect", message, stack: stack ?? "" };
  }
}

function refusal({ code, message, problems, details }: CellwrightError): ReplyMessage {
  return { kind: "refused", code, message, problems, details };
}

const settings = workerData as WorkerSettings | null;
if (settings?.kernels === "relaxed") await useRelaxedKernels();
parentPort?.on("message", (job: JobMessage) => parentPort!.postMessage(reply(job)));
