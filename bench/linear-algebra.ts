import { printDenseAlgebra } from "./gp/dense-algebra.js";

// usage: npm run bench -- linear-algebra [largest n]
await printDenseAlgebra(Number(process.argv[2] ?? 2000));
