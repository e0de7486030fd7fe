import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, type Pair, parseDocument } from 'yaml';
import { replaceFile } from '../durable-file.ts';
import { ForewarnError } from '../forewarn-error.ts';
import type { ChangedFile } from './change-guard.ts';
import { checkChanged } from './check-changed.ts';
import {
  behindColon,
  editText,
  indentOf,
  keyScalar,
  linesAfter,
  withNumber,
  withoutPair,
} from './edit-text.ts';
import { loadRules, type LoadRulesOptions, THRESHOLDS_FILE } from './load-rules.ts';

export interface AlarmChange {
  /** With its version: `late-delivery@12a5f0a74bf9`. */
  readonly model: string;
  /** What stands there now; null: nothing, so that the model's own threshold is in force. */
  readonly before: number | null;
  /** Null takes the line away. */
  readonly after: number | null;
}

/**
 * Writes the alarm threshold of one model's version into `thresholds.yaml`, or takes it away, and counts the file's
 * version up. All else stays byte for byte, and all rules are loaded with it before the file is replaced at once. FW507,
 * and nothing has changed, where something else stands there than the change was made for.
 */
export const changeAlarm = async (
  folder: string,
  { model, before, after }: AlarmChange,
  options: LoadRulesOptions = {},
): Promise<ChangedFile> => {
  const file = THRESHOLDS_FILE;
  const path = join(folder, file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : 'version: 0\nalarms: {}\n';
  const document = parseDocument(text);
  const count = document.get('version', true);
  const pair = isMap(document.contents)
    ? document.contents.items.find(({ key }) => isScalar(key) && key.value === 'alarms')
    : undefined;
  const alarms = pair?.value;
  if (
    !isScalar(count) ||
    pair === undefined ||
    !isMap(alarms) ||
    (alarms.flow === true && alarms.items.length > 0)
  )
    throw new ForewarnError('FW507', `${file}: version and alarms are not in lines; change it by hand`);
  const own = alarms.items.find(({ key }) => isScalar(key) && key.value === model);
  const stands = own === undefined ? null : isScalar(own.value) ? Number(own.value.value) : NaN;
  if (stands !== before) {
    const says = (value: number | null): string => (value === null ? "the model's own" : String(value));
    throw new ForewarnError(
      'FW507',
      `${file}: alarms.${model} is ${says(stands)}, and the change was made for ${says(before)}; wait for the next review`,
    );
  }
  const version = Number(count.value) + 1;
  const line = `${keyScalar(model)}: ${after}\n`;
  const edits = [withNumber(count, version)];
  if (own !== undefined && after !== null && isScalar(own.value)) edits.push(withNumber(own.value, after));
  else if (own !== undefined && after === null) {
    edits.push(withoutPair(text, own));
    const at = behindColon(text, pair);
    // A map without entries is written as one, or it would be nothing at all.
    if (alarms.items.length === 1) edits.push({ from: at, to: at, text: ' {}' });
  } else if (after !== null)
    edits.push(
      alarms.items.length === 0
        ? { from: behindColon(text, pair), to: alarms.range![1], text: `\n  ${line.trimEnd()}` }
        : linesAfter(text, alarms.items.at(-1) as Pair, `${indentOf(text, alarms)}${line}`),
    );
  const changed = editText(text, edits);
  checkChanged(folder, { [file]: changed }, (copy) => loadRules(copy, options));
  await replaceFile(path, changed);
  return { file, version };
};
