import { columnName, features } from '../domain/features.ts';

const rows = features.map(
  (one, index) =>
    `| ${index} | \`${columnName(one)}\` | ${one.type} | ${one.unit} | ${one.from.map((name) => `\`${name}\``).join(', ')} | ${one.over} | ${Number.isNaN(one.otherwise) ? 'NaN' : one.otherwise} | ${one.description} |`,
);

/** `docs/features.md`: what is said of each feature stands in its declaration. */
export const featuresPage = (): string => `# Features

<!-- Made by docs/generate.ts from the declarations in domain/*-features.ts: npm run build && node dist/docs/generate.js -->

What models see, a column each, in the order in which \`predict\` computes them and each prediction logs them: \`forewarn features list\`
prints the same. Serving and training have the same rows, for training reads what was logged.

- **From** names the topics that a feature reads, **over** the time that it looks back: \`as of\` is what stood at the moment of the
  prediction. Every topic is read in the order of log time, so a feature knows what had been heard and nothing more. What came of earlier
  shipments enters by \`carrier-rates\` alone, and there only once it was known; \`forewarn features check\` proves it on recorded input.
- **Default** is what a model sees where the value is not known. Trees send NaN the way that they learned for it.
- New features come at the end and none changes its place. One whose meaning changes gets a new version and is named \`slack@2\` from then on.
- A model takes the columns that its signature names, found by name once when it is loaded; so a model of fewer features goes on beside one of
  more. One that names a column that is not declared, or an older version of it, is refused at the start (FW208).

| # | Feature | Type | Unit | From | Over | Default | Meaning |
|---:|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
