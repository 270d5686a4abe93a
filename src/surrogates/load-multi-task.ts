import { createRecordReader, type RecordReader } from "./record-reader.js";
import { assembleMultiTask } from "./multi-task.js";
import type { MultiTaskParts } from "./multi-task-record.js";
import { readStatistics } from "./statistics-record.js";
import type { GaussianProcessSurrogate, SurrogateRecord } from "./surrogate.js";

/** @throws CellwrightError MODEL_INVALID with every field that is missing or malformed */
export function loadMultiTask(record: SurrogateRecord): GaussianProcessSurrogate {
  const reader = createRecordReader(record);
  const tasks = reader.list("tasks").map((name, t) => {
    if (typeof name === "string") return name;
    reader.reject(`tasks[${t}]`, name, "the name of a task");
    return "";
  });
  const task = reader.oneOf("task", tasks.length === 0 ? [""] : tasks);
  const parts = readParts(reader, tasks);
  reader.finish();
  return assembleMultiTask(parts).task(task);
}

function readParts(reader: RecordReader, tasks: readonly string[]): MultiTaskParts {
  const inputs = reader.inputs();
  const levels = [...reader.numbers("levels", tasks.length, 1)];
  const rank = reader.number("hyperparameters.rank", 0);
  const noiseLevels = levels.reduce((sum, count) => sum + count, 0);
  const statistics = readStatistics(reader, inputs.length, noiseLevels);
  const settings = statistics.X.rows;
  reader.list("transforms");
  return {
    across: reader.oneOf("across", ["outcomes", "sources"]),
    tasks,
    inputs,
    kernel: reader.oneOf("kernel", ["matern-1/2", "matern-3/2", "matern-5/2", "rbf"]),
    transforms: tasks.map((_, t) => reader.transform(`transforms.${t}`)),
    trainingRows: [...reader.numbers("trainingRows", tasks.length, 1)],
    levels,
    hyperparameters: {
      lengthscales: reader.numbers("hyperparameters.lengthscales", inputs.length, Number.MIN_VALUE),
      coregionalization: {
        loadings: {
          rows: tasks.length,
          cols: rank,
          data: reader.numbers("hyperparameters.loadings", tasks.length * rank),
        },
        specific: reader.numbers("hyperparameters.specific", tasks.length, Number.MIN_VALUE),
      },
      noiseVariance: reader.numbers("hyperparameters.noiseVariance", noiseLevels, 0),
    },
    statistics: {
      ...statistics,
      site: Int32Array.from(reader.numbers("settings.site", settings, 0, tasks.length - 1)),
    },
  };
}
