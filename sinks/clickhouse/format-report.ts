import type { AlarmTruth, AlarmTruthLine } from './alarm-truth.ts';
import type { Report, ReportLine, Share } from './report.ts';

/** Below this many cases a share says more about chance than about us. */
const ENOUGH_CASES = 10;

/** The report as plain text in aligned columns, for a terminal. */
export const formatReport = ({ categories, total, alarms }: Report): string => {
  if (categories.length === 0 && total.ended === 0)
    return 'Nothing was raised and no shipment has ended yet.';
  const rows = [
    headings,
    ...categories.map((line) => [line.category, ...cellsOf(line)]),
    ['all', ...cellsOf(total)],
  ];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return numeric.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
  const rule = '-'.repeat(Math.max(...lines.map((line) => line.length)));
  const [head = '', ...rest] = lines;
  const last = rest.pop() ?? '';
  return [
    head,
    rule,
    ...rest,
    rule,
    last,
    '',
    `${plural(total.ended, 'shipment')} ended, ${total.breaches} after the promise; the customer was told before it in ${share(total.toldBeforeBreach)} of those, and asked about ${share(total.asked)} of all.`,
    ...moneyLines(total.money),
    'Lead time: minutes from the first raise to the promise. Precision: of what was predicted, what came true.',
    'Recall: of the broken promises, those that were predicted before the promise had passed.',
    ...(alarms === undefined ? [] : alarmLines(alarms)),
  ].join('\n');
};

/** Both ways of counting, since a shipment that was rescued is no false alarm. Nothing before the first label. */
export const alarmLines = ({ naive, corrected, treated, heldOut, unlike }: AlarmTruth): readonly string[] =>
  naive.predictions === 0
    ? []
    : [
        '',
        `Alarms of ${plural(naive.predictions, 'labelled prediction')}, ${treated} of them treated and ${heldOut} held out by chance:`,
        `  as they ended:       ${truthOf(naive)}`,
        `  as if left alone:    ${truthOf(corrected)}; the treated left out, those that chance spared standing for them`,
        ...(unlike === 0
          ? []
          : [
              `  ${unlike} were treated with certainty or by people: nothing stands for them, so alarms like theirs are not judged.`,
            ]),
      ];

const truthOf = ({ precision, recall, alarms, late }: AlarmTruthLine): string =>
  `precision ${ofCount(precision, alarms, 'alarm')}, recall ${ofCount(recall, late, 'late prediction')}`;

const ofCount = (share: number | null, count: number, noun: string): string =>
  share === null ? 'no cases' : `${(100 * share).toFixed(1)} % of ${plural(Math.round(count), noun)}`;

/** `$180.00 spent on actions that left, $570.00 in penalties.`; nothing for a currency in which neither was. */
const moneyLines = (all: Report['total']['money']): readonly string[] =>
  all.flatMap(({ currency, actionsMinor, penaltiesMinor }) =>
    actionsMinor === 0 && penaltiesMinor === 0
      ? []
      : [
          `${amount(actionsMinor, currency)} spent on actions that left, ${amount(penaltiesMinor, currency)} in penalties.`,
        ],
  );

const amount = (minor: number, currency: string): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

const headings = [
  'category',
  'raised',
  'predicted',
  'median lead',
  'precision',
  'recall',
  'breaches',
  'actions',
];
const numeric: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6]);

const cellsOf = (line: ReportLine): readonly string[] => [
  String(line.raised),
  line.raised === 0 ? '0' : `${line.predicted} (${percent(line.predicted, line.raised)})`,
  line.medianLeadMin === null ? 'no promise' : `${Math.round(line.medianLeadMin)} min`,
  share(line.precision),
  share(line.recall),
  String(line.breaches),
  actionsOf(line.actions),
];

const share = ({ hits, of }: Share): string => {
  if (of === 0) return 'no cases';
  return of < ENOUGH_CASES ? `${hits} of ${of}, not enough cases` : percent(hits, of);
};

const percent = (hits: number, of: number): string => `${Math.round((100 * hits) / of)} %`;

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const actionsOf = (actions: Readonly<Record<string, number>>): string =>
  Object.entries(actions)
    .toSorted(([one, a], [other, b]) => b - a || one.localeCompare(other))
    .map(([state, count]) => `${count} ${state.replaceAll('_', ' ')}`)
    .join(', ') || 'none';
