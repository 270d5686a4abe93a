import { describe, expect, it } from "vitest";
import { campaignJsonSchema, campaignSpecSchema } from "../../src/campaign/campaign-spec.js";

type Schema = {
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  description?: string;
  required?: string[];
  $schema?: string;
};

describe("campaignJsonSchema", () => {
  const schema = campaignJsonSchema() as Schema;

  it("knows every key of the format, refuses others, and asks for what is needed", () => {
    expect(Object.keys(schema.properties!).sort()).toEqual(Object.keys(campaignSpecSchema.shape).sort());
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(["campaign", "parameters", "outcomes"]);
    expect(schema.$schema).toContain("2020-12");
  });

  it("describes every field for an editor", () => {
    const undescribed: string[] = [];
    const visit = (of: Schema, path: string): void => {
      for (const [name, property] of Object.entries(of.properties ?? {})) {
        if (property.description === undefined) undescribed.push(`${path}${name}`);
        visit(property, `${path}${name}.`);
        if (typeof property.additionalProperties === "object")
          visit(property.additionalProperties, `${path}${name}.*.`);
      }
    };
    visit(schema, "");
    expect(undescribed).toEqual([]);
  });
});
