import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { alarmThresholds, type AlarmThresholds } from '../../domain/alarm-thresholds.ts';
import { detectionRules } from '../../domain/detection-rules.ts';
import { playbook } from '../../domain/playbook.ts';
import type { Rules } from '../../domain/rules.ts';
import { type Sla, sla } from '../../domain/sla.ts';
import { stableId } from '../../domain/stable-id.ts';
import {
  categoryOf,
  fallbackCategory,
  type Taxonomy,
  taxonomy,
  taxonomyCodes,
} from '../../domain/taxonomy.ts';
import { ForewarnError } from '../forewarn-error.ts';
import { addCodes } from './add-codes.ts';
import { checkPlaybooks } from './check-playbooks.ts';
import { expandCalendars } from './expand-calendars.ts';
import { readRulesFile, type RulesFile, shownFile } from './read-rules-file.ts';
import { rulesSchemas } from './rules-schemas.ts';

export interface LoadRulesOptions {
  /** Names that `forewarn.yaml` maps to receivers; left out, playbooks may name any. */
  readonly destinations?: readonly string[];
  /** False: examples are not played, because somebody wants to see them all. */
  readonly playsExamples?: boolean;
}

export const THRESHOLDS_FILE = 'thresholds.yaml';

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

const playbookFiles = (folder: string): string[] => {
  try {
    return readdirSync(join(folder, 'playbooks'))
      .filter((file) => file.endsWith('.yaml'))
      .toSorted();
  } catch (cause) {
    throw new ForewarnError(
      'FW103',
      `${shownFile(folder, 'playbooks')}: cannot be read; put playbooks there, at least default.yaml`,
      { cause },
    );
  }
};

/** `taxonomy.yaml` with `taxonomy-codes.yaml`, where there is one. */
const readTaxonomy = (folder: string): Taxonomy => {
  const { name, content } = readRulesFile(folder, 'taxonomy.yaml', taxonomy, rulesSchemas.taxonomy);
  if (categoryOf(content, fallbackCategory) === undefined) {
    throw new ForewarnError(
      'FW103',
      `${name} categories.${fallbackCategory}: is missing; add it, for what nobody can classify`,
    );
  }
  const codes = 'taxonomy-codes.yaml';
  if (!existsSync(join(folder, codes))) return content;
  return addCodes(content, readRulesFile(folder, codes, taxonomyCodes, rulesSchemas['taxonomy-codes']));
};

/** `thresholds.yaml`, where there is one. */
const readAlarms = (folder: string): AlarmThresholds['alarms'] =>
  existsSync(join(folder, THRESHOLDS_FILE))
    ? readRulesFile(folder, THRESHOLDS_FILE, alarmThresholds, rulesSchemas.thresholds).content.alarms
    : {};

const checkEscalation = (
  { name, content: { escalation } }: RulesFile<Sla>,
  { destinations }: LoadRulesOptions,
): void => {
  const named = [
    { at: 'escalation.destination', destination: escalation.destination },
    ...escalation.chain.map(({ destination }, index) => ({
      at: `escalation.chain[${index}].destination`,
      destination,
    })),
  ];
  for (const { at, destination } of named) {
    if (destinations === undefined || destinations.includes(destination)) continue;
    throw new ForewarnError(
      'FW103',
      `${name} ${at}: "${destination}" is not one of ${destinations.join(', ')} in forewarn.yaml; add it there`,
    );
  }
};

/**
 * Reads `taxonomy.yaml` and `taxonomy-codes.yaml`, `sla.yaml`, `detection.yaml`, `thresholds.yaml` and `playbooks/*.yaml`, validates each
 * file and what must hold between them, and plays the examples of every playbook. All or nothing: what is returned is whole and frozen, what
 * does not fit is FW103 in one line.
 */
export const loadRules = (folder: string, options: LoadRulesOptions = {}): Rules => {
  const categories = readTaxonomy(folder);
  const terms = readRulesFile(folder, 'sla.yaml', sla, rulesSchemas.sla);
  checkEscalation(terms, options);
  const files = playbookFiles(folder).map((file) => {
    const read = readRulesFile(folder, join('playbooks', file), playbook, rulesSchemas.playbook);
    // A later version stands beside the earlier one: damage.yaml, damage.v2.yaml.
    if (file.replace(/(\.v\d+)?\.yaml$/, '') !== read.content.name) {
      throw new ForewarnError(
        'FW103',
        `${read.name} name: "${read.content.name}" is not the name of the file; call the file ${read.content.name}.yaml`,
      );
    }
    return read;
  });
  checkPlaybooks(files, { taxonomy: categories, sla: terms.content, ...options });
  const alarms = readAlarms(folder);
  const content = {
    taxonomy: categories,
    sla: terms.content,
    calendars: expandCalendars(terms.content, terms.name),
    playbooks: files.map((file) => file.content),
    ...(Object.keys(alarms).length === 0 ? {} : { alarms }),
    detection: readRulesFile(folder, 'detection.yaml', detectionRules, rulesSchemas.detection).content,
  };
  return frozen({ ...content, fingerprint: stableId(JSON.stringify(content)) });
};
