import tseslint from "typescript-eslint";

/** Folders whose numbers reach a suggestion: only IEEE basic operations there (src/README.md, "Same bytes"). */
const scienceFolders = [
  "math",
  "kernels",
  "surrogates",
  "designs",
  "acquisition",
  "space",
  "campaign",
  "process",
  "data",
  "evaluation",
  "benchmark",
  "retraining",
].map((folder) => `src/${folder}/**/*.ts`);

const inexact = [
  "exp",
  "expm1",
  "log",
  "log1p",
  "log2",
  "log10",
  "pow",
  "sin",
  "cos",
  "tan",
  "asin",
  "acos",
  "atan",
  "atan2",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "acosh",
  "atanh",
  "cbrt",
  "hypot",
  "random",
];

export default tseslint.config(
  {
    ignores: [
      "dist/**",
      "node_modules/**",
      "coverage/**",
      "scripts/**",
      "eslint.config.js",
      "notebooks/**",
      "src/math/wasm/assembly/**",
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/unified-signatures": "off",
      "@typescript-eslint/prefer-reduce-type-parameter": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-restricted-syntax": [
        "error",
        { selector: "ExportAllDeclaration", message: "Export by name: no barrels." },
      ],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  {
    files: scienceFolders,
    rules: {
      "no-restricted-properties": [
        "error",
        ...inexact.map((property) => ({
          object: "Math",
          property,
          message: "Differs between engines: use src/math/elementary.ts or src/math/rng.ts.",
        })),
        { object: "Date", property: "now", message: "Time is an argument." },
      ],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportAllDeclaration", message: "Export by name: no barrels." },
        {
          selector: "BinaryExpression[operator='**']",
          message: "Use src/math/elementary.ts pow, or multiply.",
        },
        {
          selector: "CallExpression[callee.property.name='localeCompare']",
          message: "Depends on the machine's locale: compare code units.",
        },
        {
          selector: "CallExpression[callee.property.name='toLocaleString']",
          message: "Depends on the machine's locale.",
        },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "Time is an argument.",
        },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: { "no-console": "off", "@typescript-eslint/no-floating-promises": "off" },
  },
  { files: ["src/cli/**/*.ts"], rules: { "no-console": "error" } },
);
