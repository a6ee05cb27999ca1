import * as v from 'valibot';

const time = v.pipe(v.number(), v.integer());

/** How drills went in a company, as the provider gives it to IT: `schema-drill-table` of docs/provider.md. Times in seconds. */
export const drillTable = v.array(
  v.object({
    matter: v.string(),
    window: v.object({ from: time, until: time }),
    address: v.string(),
    device: v.string(),
    outcome: v.picklist(['worked', 'couldNot', 'silent']),
    error: v.nullable(v.string()),
  }),
);

export type DrillTable = v.InferOutput<typeof drillTable>;
