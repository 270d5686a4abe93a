/** usage: npm run bench -- scale [--sizes 5000,100000] [--neighbours 30] [--prediction 400] [--no-exact] */
import { parseArgs } from "node:util";
import { answeredMeasurement, printManyRows } from "./gp/many-rows.js";

if (!answeredMeasurement(process.argv.slice(2))) {
  const { values } = parseArgs({
    options: {
      sizes: { type: "string", default: "5000,10000,20000,50000,100000" },
      neighbours: { type: "string" },
      prediction: { type: "string" },
      "no-exact": { type: "boolean", default: false },
    },
  });
  printManyRows({
    sizes: values.sizes.split(",").filter(Boolean).map(Number),
    compared: values["no-exact"] ? 0 : 3,
    markdown: false,
    ...(values.neighbours !== undefined && { neighbours: Number(values.neighbours) }),
    ...(values.prediction !== undefined && { predictionNeighbours: Number(values.prediction) }),
  });
}
