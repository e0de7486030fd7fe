import { RATE_DAYS } from '../domain/carrier-rate.ts';
import { columnName, features } from '../domain/features.ts';
import { MATURE_MS, treatmentTypes } from '../domain/labelled.ts';
import { MOST_WEIGHT } from '../domain/untreated.ts';

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

## The record of carriers

The pipeline \`carriers\` counts deliveries by carrier × lane × service, by carrier, by lane and in all, over the last ${RATE_DAYS} whole days of
log time, and writes them to the topic \`carrier-rates\` and the table \`carrier_rates\`: at most one row a scope every ten minutes. A delivery
counts from the moment at which it was heard of, never from when it happened. A correction of it takes its place, on the day on which it
was known. It is in time by the promise that the contract names, as its outcome is. The table has what was counted; a feature has what that makes likely, for few shipments say little:

- all: (in time + 1) ÷ (shipments + 2);
- carrier and lane, each: (in time + 20 × all) ÷ (shipments + 20);
- carrier × lane × service: (in time + 20 × expected) ÷ (shipments + 20), where logit(expected) = logit(carrier) + logit(lane) − logit(all).

Rates are made from plans and tracking by the same rules as outcomes, and not from the topic \`outcomes\`: that one waits for predictions, and a
prediction that waited for it would wait for itself.

## What comes of predictions

The pipeline \`labels\` writes a row to the topic and the table \`labelled\` for each prediction once its truth is known. Shipments under way have none. A label
counts once the promise has been over for ${MATURE_MS / 86_400_000} days: before, only those of its cohort that came early would have one. What is corrected later gets the
next \`version\`; every version is kept, so a question as of a time has the same answer for ever.

A rescued shipment is not a false alarm. Each row has the treatments that were begun between prediction and end (${treatmentTypes.map((type) => `\`${type}\``).join(', ')};
messages are none), whether chance withheld one, and the propensity: the probability, by the logged policy, that such a case is treated. Training takes
the untreated alone, each row with the weight below. \`forewarn report\` and \`forewarn features rows\` show precision and recall both ways: as the predictions ended, and with
the treated left out and each of those that chance spared standing for 1 ÷ (1 − propensity) of them, at most ${MOST_WEIGHT}. What is always treated, or treated by people, has
nobody to stand for it: give such a step a small \`holdOut\` in its playbook. How many there are is said beside the figures.

\`forewarn train --from-tables\` learns from these rows. Their features are those that were logged; the model card names the span, the first and the last
prediction, and a SHA-256 over all of them.

## The test against leaks

\`forewarn features check\` runs recorded input, or days of the simulated world, three times for each time t: as it was, cut at t, and with another future
after t, in which every shipment ends otherwise, events are taken back and promises moved, all of it at times of before t. Features of all
predictions until t must be the same, bit by bit. One that moves is named, with the prediction in which it did, and the command fails (FW613).
`;
