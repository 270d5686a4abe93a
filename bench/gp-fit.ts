/** usage: npm run bench -- gp-fit [largest n] */
import { fitTimes } from "./gp/fit-times.js";
import { openPeers } from "./gp/peers.js";
import { percent, printTable, short } from "./gp/print-table.js";

const python = process.env["CELLWRIGHT_PEERS_PYTHON"];
const peers = openPeers({ record: false, ...(python !== undefined && { python }) });
console.log(`Node ${process.version}; CPU seconds of a cold fit, and of predicting 1,000 points`);
printTable(
  ["rows", "best", "median", "budget", "predict", "RMSE", "coverage", "peers"],
  fitTimes(Number(process.argv[2] ?? 1000), peers).map((time) => [
    String(time.n),
    short(time.best),
    short(time.median),
    short(time.budget),
    short(time.predict),
    short(time.rmse),
    percent(time.coverage95),
    Object.entries(time.peers)
      .map(([name, seconds]) => `${name} ${short(seconds)}`)
      .join(", "),
  ]),
  false,
);
