import { printSampling } from "./gp/sampling.js";

printSampling();
