/**
 * How good the surrogates of the two shipped campaigns are, beside the figures that are expected of them:
 * `npm run bench -- quality [outcome …]`. Conditions or protocols are left out whole.
 */
import process from "node:process";
import { CALENDERING_QUALITY, FORMATION_QUALITY } from "../src/evaluation/expected-quality.js";
import { qualityTable, type QualityRow } from "../src/evaluation/quality-table.js";
import { openCampaignSource } from "./gp/campaign-source.js";

const short = (value: number | null): string => (value === null ? "–" : String(Number(value.toPrecision(3))));

function shownPlace({ inside, without, folds }: QualityRow): string {
  const where = inside === "all" ? "all" : `at ${Object.values(inside).join(", ")}`;
  const dropped = without === null ? "" : `, without ${without}`;
  return `${where}${dropped}${folds === "leave-one-group-out" ? "" : `, ${folds} folds`}`;
}

function printRow(row: QualityRow): void {
  const { values, range, verdict } = row;
  const columns = [
    row.metric.padEnd(10),
    shownPlace(row).padEnd(34),
    short(values["as-analysed"]).padStart(11),
    short(values["hvarfner-2024"]).padStart(13),
    short(values.default).padStart(8),
    `${short(range[0])} to ${short(range[1])}`.padStart(15),
    `${verdict} (${row.of})`,
  ];
  console.log(`  ${columns.join("  ")}`);
}

const wanted = process.argv.slice(2);
console.log(
  "Figures of held-out groups: R² and errors of group means, share of rows inside the 95 % interval. `as-analysed` is\n" +
    "hvarfner-2024 with one noise variance and no gauge error, as in the analysis that the expected ranges come from.",
);
for (const expected of [CALENDERING_QUALITY, FORMATION_QUALITY]) {
  const all = [...new Set(expected.figures.map(({ outcome }) => outcome))];
  const outcomes = all.filter((outcome) => wanted.length === 0 || wanted.includes(outcome));
  if (outcomes.length === 0) continue;
  const source = await openCampaignSource(expected.campaign);
  console.log(`\n${expected.campaign}`);
  console.log(`  ${"".padEnd(46)}as-analysed  hvarfner-2024   default         expected  verdict`);
  for (const outcome of outcomes) {
    const rows = qualityTable(source, expected, { outcomes: [outcome] });
    console.log(outcome);
    rows.forEach(printRow);
    const why = rows.find((row) => row.verdict !== "inside" && row.why !== null)?.why;
    if (why) console.log(`    outside because ${why}.`);
  }
}
