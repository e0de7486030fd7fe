import { choosePlaybook, isDefault } from '../../domain/choose-playbook.ts';
import { modes, tiers } from '../../domain/codes.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Rules } from '../../domain/rules.ts';
import {
  bandFloor,
  bandOf,
  type CategoryRule,
  opensException,
  type SeverityBand,
  severityBands,
} from '../../domain/taxonomy.ts';

/** Which playbooks take the cases of one category and band. */
export interface CoverageCell {
  readonly playbooks: readonly string[];
  /** Some of its cases fall to the default playbook, or to none. */
  readonly isGap: boolean;
  /** By what the choice differs within the cell. */
  readonly differsBy: readonly ('tier' | 'mode' | 'kind' | 'severity')[];
}

export interface CoverageRow {
  readonly category: string;
  readonly family: string;
  readonly defaultBand: SeverityBand;
  readonly predictable: boolean;
  /** Bands that the severity of this category can reach. */
  readonly cells: Readonly<Partial<Record<SeverityBand, CoverageCell>>>;
}

/** What a severity adds to the default of its category at most: lateness 20, tier 12, value 8, contents 6; see `severity.ts`. */
const MOST_ADDED = 46;
/** What only is predicted counts 0.6 of it at least. */
const LEAST_CERTAIN = 0.6;

interface Case {
  readonly severity: number;
  readonly tier: (typeof tiers)[number];
  readonly mode: (typeof modes)[number] | null;
  readonly kind: 'predicted' | 'detected';
}

/** Severities at which any playbook could begin or end to match, and the floor of each band. */
const severitiesOf = ({ playbooks }: Pick<Rules, 'playbooks'>): readonly number[] => {
  const edges = playbooks.flatMap(({ match: { severity } }) =>
    severity === undefined ? [] : [severity.min, Math.min(100, severity.max + 0.1)],
  );
  return [...new Set([...severityBands.map(bandFloor), ...edges])].toSorted((a, b) => a - b);
};

const casesIn = (severities: readonly number[]): readonly Case[] =>
  severities.flatMap((severity) =>
    tiers.flatMap((tier) =>
      [null, ...modes].flatMap((mode) =>
        (['predicted', 'detected'] as const).map((kind) => ({ severity, tier, mode, kind })),
      ),
    ),
  );

/** The choice depends on a fact when two cases that differ in it alone come to different playbooks. */
const differs = (chosen: ReadonlyMap<string, string>, cases: readonly Case[], fact: keyof Case): boolean => {
  const byRest = new Map<string, string>();
  return cases.some((one) => {
    const rest = JSON.stringify({ ...one, [fact]: 0 });
    const playbook = chosen.get(JSON.stringify(one))!;
    const other = byRest.get(rest);
    byRest.set(rest, playbook);
    return other !== undefined && other !== playbook;
  });
};

const isUncovered = (playbook: Playbook | null): boolean => playbook === null || isDefault(playbook);

const cellOf = (rules: Rules, category: string, cases: readonly Case[], now: number): CoverageCell => {
  const chosen = new Map<string, string>();
  let isGap = false;
  for (const one of cases) {
    const playbook = choosePlaybook(rules.playbooks, { ...one, category, now });
    isGap ||= isUncovered(playbook);
    chosen.set(JSON.stringify(one), playbook?.name ?? 'none');
  }
  const facts = ['tier', 'mode', 'kind', 'severity'] as const;
  return {
    playbooks: [...new Set(chosen.values())].toSorted(),
    isGap,
    differsBy: facts.filter((fact) => differs(chosen, cases, fact)),
  };
};

const reachable = ({ defaultSeverity }: CategoryRule, severity: number): boolean =>
  severity >= bandFloor(bandOf(defaultSeverity * LEAST_CERTAIN)) && severity <= defaultSeverity + MOST_ADDED;

/**
 * Who takes what, over category × band × tier × mode × kind, at one moment. Two playbooks of equal rank are an error at
 * load; what falls to the default one is a gap, shown here and told at load.
 */
export const coverageOf = (rules: Rules, now: number): readonly CoverageRow[] => {
  const severities = severitiesOf(rules);
  return Object.entries(rules.taxonomy.categories)
    .filter(([, rule]) => opensException(rule))
    .map(([category, rule]) => ({
      category,
      family: rule.family,
      defaultBand: bandOf(rule.defaultSeverity),
      predictable: rule.predictable,
      cells: Object.fromEntries(
        severityBands.flatMap((band) => {
          const inBand = severities.filter((at) => bandOf(at) === band && reachable(rule, at));
          return inBand.length === 0 ? [] : [[band, cellOf(rules, category, casesIn(inBand), now)]];
        }),
      ),
    }));
};

/** What is seen coming, and what is grave, ought to have a playbook of its own. */
const deservesOne = (rule: CategoryRule): boolean =>
  opensException(rule) && (rule.predictable || bandFloor(bandOf(rule.defaultSeverity)) >= bandFloor('high'));

/** Categories that ought to have a playbook and whose cases fall, at least in part, to the default one. */
export const gapsIn = (rules: Rules, now: number): readonly string[] => {
  const severities = severitiesOf(rules);
  return Object.entries(rules.taxonomy.categories)
    .filter(([category, rule]) => {
      if (!deservesOne(rule)) return false;
      const cases = casesIn(severities.filter((at) => reachable(rule, at)));
      return cases.some((one) => isUncovered(choosePlaybook(rules.playbooks, { ...one, category, now })));
    })
    .map(([category]) => category);
};

/** The gaps in one line, for whoever loads the rules; null where there are none. */
export const gapWords = (gaps: readonly string[]): string | null =>
  gaps.length === 0
    ? null
    : `can be predicted or are of high severity, and fall to the default playbook: ${gaps.join(', ')}`;
