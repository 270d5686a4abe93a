import { describe, expect, it } from "vitest";
import { campaignYaml, scratchFolder } from "./scratch-folder.js";

const folder = scratchFolder();

async function refusal(content: string | Uint8Array, name = "c.yaml"): Promise<string> {
  folder.write(name, content);
  return folder.refused("suggest", name);
}

const REST =
  'parameters:\n  x: { unit: "1", min: 0, max: 1 }\noutcomes:\n  y: { unit: "1", goal: maximize }\n';

describe("a campaign file", () => {
  it("that is not there, or is a folder, is named with what to do", async () => {
    expect(await folder.refused("suggest", "nowhere.yaml")).toContain("make one with: cellwright init");
    expect(await folder.refused("suggest", ".")).toContain("Name the *.campaign.yaml inside it");
    folder.write("file", "");
    expect(await folder.refused("suggest", "file/c.yaml")).toContain("A part of the path is a file");
  });

  it("that is a data file says where the data belong", async () => {
    expect(await refusal("trial\n1\n", "runs.csv")).toContain(
      "Name the campaign first and the data with --data",
    );
  });

  it.each([
    ["nothing", "", "found nothing, expected a campaign"],
    ["a word", "hello", 'found "hello", expected an object with campaign, parameters and outcomes'],
    ["a list", "- 1\n", "found a list of 1"],
    ["UTF-16", Buffer.from("\ufeffcampaign: a\n", "utf16le"), "found UTF-16 text, expected UTF-8 text"],
    [
      "Latin-1",
      Buffer.from("campaign: a\nquestion: 80 °C?\n", "latin1"),
      "line 2: found bytes that are not UTF-8",
    ],
    ["a workbook", Buffer.from("PK\u0003\u0004 …"), "found a ZIP file"],
    ["a PDF", "%PDF-1.4\n1 0 obj <<>>\n", "expected a campaign in YAML or JSON"],
    ["a tab", `campaign: a\n\tparameters: 1\n`, "line 2: found a tab before the first word, expected blanks"],
    ["a bare per cent sign", "campaign: a\nparameters:\n  x: { unit: %, min: 0 }\n", "line 3: found"],
    ["an open quotation mark", 'campaign: "a\n', "found a quotation mark that is never closed"],
    ["two values on a line", "campaign: a: b\n", "line 1: found"],
    ["a missing comma", '{"campaign": "a" "parameters": {}}', "a missing quotation mark, comma or bracket"],
    ["two campaigns", "campaign: a\n---\ncampaign: b\n", "expected one campaign in a file"],
    ["nesting without end", `campaign: ${"[".repeat(5000)}${"]".repeat(5000)}`, "expected a flat file"],
    [
      "many levels",
      `campaign: a\nparameters: ${"{a: ".repeat(200)}1${"}".repeat(200)}\n`,
      "more than 10 levels",
    ],
    [
      "a name twice",
      `campaign: a\n${REST}campaign: b\n`,
      'line 6: found "campaign" again, expected each name once',
    ],
    ["a name twice in JSON", '{"campaign": "a", "campaign": "b"}', 'found "campaign" again'],
    ["JSON with comments", '{\n "campaign": "a", // mine\n}', 'line 2: found the comment "// mine"'],
    ["JSON with a comment of lines", '{ /* mine */ "campaign": "a" }', "Write # in place of /*"],
    ["an alias of nothing", "campaign: *nobody\n", "found *nobody, expected &nobody above it"],
  ])("of %s is refused in words", async (_, content, message) => {
    expect(await refusal(content)).toContain(message);
  });

  it("whose aliases expand without end is refused", async () => {
    const names = "a b c d e f g h i j".split(" ");
    const bomb = names.map((name, i) =>
      i === 0
        ? "a: &a [x]"
        : `${name}: &${name} [${Array(9)
            .fill(`*${names[i - 1]!}`)
            .join(",")}]`,
    );
    expect(await refusal(bomb.join("\n"))).toContain("at most 20 uses of YAML aliases");
  });

  it.each([
    ["a byte order mark", (text: string) => `\ufeff${text}`],
    ["Windows line ends", (text: string) => text.replaceAll("\n", "\r\n")],
    ["comments of its own", (text: string) => `# mine\n${text}`],
    [
      "JSON in place of YAML",
      () =>
        '{"campaign":"a","parameters":{"x":{"unit":"1","min":0,"max":1}},"outcomes":{"y":{"unit":"1","goal":"maximize"}}}',
    ],
    [
      "JSON with comments of YAML",
      () =>
        '{ # mine\n"campaign":"a","parameters":{"x":{"unit":"http://x","choices":["a","b"]}},"outcomes":{"y":{"unit":"1","goal":"maximize"}}}'.replace(
          '"unit":"http://x",',
          "",
        ),
    ],
  ])("is read with %s", async (_, change) => {
    folder.write("c.yaml", change(`campaign: a\n${REST}`));
    expect((await folder.run(["suggest", "c.yaml", "-n", "1"])).err).toContain("Next: run them");
  });
});

describe("the fields of a campaign file", () => {
  it("are all checked at once, in the order of the lines", async () => {
    const err = await refusal(`campaign: a/b
parameters:
  a: { unit: N/mm, min: 9, max: 1 }
  b: { unit: N/mm, min: 5, max: 5 }
  c: { unit: C, min: 0, max: 1, scale: log }
  d: { unit: m/min, values: [0, 1], scale: log }
  e: { unit: m/min, values: [1, 1] }
  f: { choices: ["x", "x"] }
  g: { choices: [1, true] }
  h: { type: integer, min: 0.5, max: 3 }
  i: { min: 0, max: 1 }
  j: { unit: kn/mm, min: 0, max: 1 }
  k: { unit: "1", min: .nan, max: .inf }
  l: { unit: "1", min: -1e308, max: 1e308 }
  m: { unit: "1", min: "0", max: 1 }
  n: { unit: "1", min: 0, max: 1, step: -1 }
  o: { unit: "1", min: 0, max: 1, change: hard }
  p: 5
  "🔋": { unit: "1", min: 0, max: 1 }
  ${"q".repeat(65)}: { unit: "1", min: 0, max: 1 }
  trial: { unit: "1", min: 0, max: 1 }
outcomes:
  y: { unit: "1", gaol: maximize }
  z: { unit: "1", goal: maximise }
  t: { unit: "1", goal: target }
  s: { unit: "1", spec: { min: 5, max: 3 } }
  r: { unit: "1", goal: maximize, atLeast: { share: 95, of: incumbent } }
  u: { unit: "1", formula: "a +* b" }
  v: { unit: "1", formula: "w" }
  w: { unit: "1", formula: "v" }
constrains: []
batch: 0
`);
    const expected = [
      'line 1, campaign: found "a/b"',
      "line 3, parameters.a.min: found min 9 above max 1",
      "line 4, parameters.b.max: found min and max both 5, expected a range",
      "line 5, parameters.c.min: found 0, expected a number above 0 for scale: log",
      "line 6, parameters.d.values: found 0, expected values above 0",
      "line 7, parameters.e.values: found 1 twice",
      'line 8, parameters.f.choices: found "x" twice',
      "line 9, parameters.g.choices[0]: found 1, expected text; put quotes around",
      "line 10, parameters.h.min: found 0.5, expected a whole number",
      "line 11, parameters.i.unit: found nothing",
      "Did you mean kN/mm?",
      "line 13, parameters.k.min: found NaN, expected a finite number",
      "line 14, parameters.l.min: found -1e+308, expected a number of magnitude at most 1e+30",
      'line 15, parameters.m.min: found "0", expected a number',
      "line 16, parameters.n.step: found -1, expected a number above 0",
      'line 17, parameters.o.change: found "hard", expected an object',
      "line 18, parameters.p: found 5, expected an object",
      "line 19, parameters.🔋: found",
      "line 20, parameters.qqq",
      "line 21, parameters.trial: found the reserved name trial",
      'line 23, outcomes.y.gaol: found the unknown name "gaol"',
      'line 24, outcomes.z.goal: found "maximise"',
      "line 25, outcomes.t.target",
      "line 26, outcomes.s.spec.min",
      "line 27, outcomes.r.atLeast.share: found 95",
      "line 28, outcomes.u.formula",
      "line 29, outcomes.v.formula: found a circle: v → w → v",
      'line 31, constrains: found the unknown name "constrains"',
      "Did you mean constraints?",
      "line 32, batch: found 0, expected at least 1",
    ];
    for (const text of expected) expect(err).toContain(text);
    const lines = [...err.matchAll(/^ {2}line (\d+)/gmu)].map(([, line]) => Number(line));
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });

  it("refuse names that could reach an object's prototype", async () => {
    expect(await refusal(`campaign: a\nparameters:\n  __proto__: { unit: "1", min: 0, max: 1 }\n`)).toContain(
      "line 3, parameters.__proto__: found the name __proto__",
    );
  });

  it.each([
    ["process: calendering\nmaterial: NMC623\n", 'material: found "NMC623", expected one of NMC622'],
    ["process: calendering\nmaterial: { preset: NMC622, solid_densty: 4 }\n", "solid_density"],
    ["process: baking\n", 'process: found "baking", expected calendering or formation'],
    [
      "process: formation\nchemistry: NMC623/graphite\ncell: { upper_voltage: 4.2, lower_voltage: 2.8, capacity: 5 }\n",
      'chemistry: found "NMC623/graphite", expected one of NMC622/graphite',
    ],
    [
      "cell: { upper_voltage: 2.8, lower_voltage: 4.2, capacity: 5 }\n",
      "cell.lower_voltage: found 4.2 V, not below 2.8 V",
    ],
    ["cell: { upper_voltage: 4.2, lower_voltage: 2.8 }\n", "cell.capacity: found nothing"],
    ["constraints:\n  - x + nobody <= 1\n", "constraints[0]: found the unknown name nobody"],
    ["constraints:\n  - x\n", "expected a comparison"],
    ["limits:\n  mine: x <= 1\n", 'limits.mine: found "x <= 1", expected an object with expression'],
  ])("refuse %j with what is known", async (field, message) => {
    expect(await refusal(`campaign: a\n${field}${REST}`)).toContain(message);
  });
});

describe("constraints that nothing satisfies", () => {
  it("are named with their lines, and none beside them", async () => {
    const constraints = [
      "line_load + 10 * roll_temperature <= 900",
      "roll_temperature >= 100",
      "passes >= 2",
    ];
    const err = await refusal(campaignYaml(`constraints:\n${constraints.map((c) => `  - ${c}\n`).join("")}`));
    expect(err).toMatch(/line 14, constraints\[0\]: found line_load \+ 10 \* roll_temperature <= 900/u);
    expect(err).toMatch(/line 15, constraints\[1\]: found roll_temperature >= 100/u);
    expect(err).not.toContain("passes");
  });

  it("are named beside the bound that excludes them", async () => {
    const err = await refusal(campaignYaml("constraints:\n  - line_load <= 100\n"));
    expect(err).toMatch(/line 4, parameters\.line_load\.min: found 200 N\/mm, expected room for the others/u);
  });

  it("are named by report, too", async () => {
    folder.write("c.yaml", campaignYaml("constraints:\n  - line_load <= 100\n"));
    expect(await folder.refused("report", "c.yaml")).toContain("line 14, constraints[0]");
  });
});

describe("cellwright init", () => {
  it("leaves nothing behind where it cannot write, and nothing is overwritten", async () => {
    folder.write("file", "");
    expect(await folder.refused("init", "calendering", "--dir", "file")).toContain("a file, not a folder");
    await folder.run(["init", "formation"]);
    const before = folder.read("cells.csv");
    expect(await folder.refused("init", "formation")).toContain("is there already; nothing was written");
    expect(folder.read("cells.csv")).toBe(before);
  });
});
