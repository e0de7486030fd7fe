import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplates } from '../../../../sinks/outbox/templates/load-templates.ts';
import type { MessageTemplates } from '../../../../sinks/outbox/templates/message-templates.ts';
import type { Reader } from '../../../../sinks/outbox/templates/message.ts';
import { rulesFolder } from '../../../rules/shipped-rules.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** The templates that ship. */
export const shippedTemplates = loadTemplates(rulesFolder);

export const reader = (changes: Partial<Reader> = {}): Reader => ({
  language: 'en',
  zone: 'UTC',
  name: 'Ada',
  ...changes,
});

/** A folder with the shipped templates and others of one's own, by name. */
export const rulesWith = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = join(await tempFolder(), 'rules');
  mkdirSync(folder, { recursive: true });
  cpSync(join(rulesFolder, 'templates'), join(folder, 'templates'), { recursive: true });
  cpSync(join(rulesFolder, 'languages.yaml'), join(folder, 'languages.yaml'));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return folder;
};

export const templatesWith = async (files: Readonly<Record<string, string>>): Promise<MessageTemplates> =>
  loadTemplates(await rulesWith(files));
