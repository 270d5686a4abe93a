import fc from "fast-check";

/**
 * Property tests draw the same cases in every run, so that a red run means a change; another seed explores
 * (`FAST_CHECK_SEED=7 npm test`), and a counterexample found so becomes a test of its own.
 */
const seed = Number(process.env["FAST_CHECK_SEED"] ?? 20261122);
if (!Number.isSafeInteger(seed))
  throw new Error(`FAST_CHECK_SEED: found "${process.env["FAST_CHECK_SEED"]}", expected a whole number.`);
fc.configureGlobal({ seed });
