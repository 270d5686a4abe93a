import type { CliEffects } from "./effects.js";

/** Reports how far a piece of work is; prints only after a second, and only to a terminal. */
export interface Progress {
  update(stage: string, done: number, total: number): void;
  done(): void;
}

const QUIET_MS = 1000;
const BAR_WIDTH = 24;

/** A progress line on standard error with the time left; off a terminal, one line a stage. */
export function createProgress(effects: CliEffects): Progress {
  const started = effects.now().getTime();
  let stageStarted = started;
  let stage = "";
  let printed = false;
  return {
    update(name, done, total) {
      const now = effects.now().getTime();
      if (name !== stage) {
        stage = name;
        stageStarted = now;
        if (!effects.stderrIsTerminal && now - started > QUIET_MS) effects.err(`${name} …\n`);
      }
      if (!effects.stderrIsTerminal || now - started < QUIET_MS) return;
      effects.err(`\r${line(name, done, total, now - stageStarted)}\u001b[K`);
      printed = true;
    },
    done() {
      if (printed) effects.err("\r\u001b[K");
      printed = false;
    },
  };
}

function line(name: string, done: number, total: number, elapsedMs: number): string {
  const share = total > 0 ? Math.min(done / total, 1) : 0;
  const filled = Math.round(share * BAR_WIDTH);
  const left = share > 0.02 ? ` ${seconds((elapsedMs / share) * (1 - share))} left` : "";
  return `${name} ${"█".repeat(filled)}${"░".repeat(BAR_WIDTH - filled)} ${done}/${total}${left}`;
}

function seconds(ms: number): string {
  const s = Math.ceil(ms / 1000);
  return s < 90 ? `${s} s` : `${Math.ceil(s / 60)} min`;
}
