import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { messageLanguages, messageTemplate } from '../../../domain/message-template.ts';
import { ForewarnError } from '../../../runtime/forewarn-error.ts';
import { readRulesFile, shownFile } from '../../../runtime/rules/read-rules-file.ts';
import { rulesSchemas } from '../../../runtime/rules/rules-schemas.ts';
import { languageTag } from './language-chain.ts';
import {
  defaultTemplate,
  messageTemplates,
  type MessageTemplates,
  type TemplateFile,
} from './message-templates.ts';

const templateFiles = (folder: string): string[] => {
  try {
    return readdirSync(join(folder, 'templates'))
      .filter((file) => file.endsWith('.yaml'))
      .toSorted();
  } catch (cause) {
    throw new ForewarnError(
      'FW103',
      `${shownFile(folder, 'templates')}: cannot be read; put templates there, at least ${defaultTemplate}.yaml`,
      { cause },
    );
  }
};

const checkLanguages = (name: string, content: object): void => {
  for (const language of Object.keys(content)) {
    const tag = languageTag(language);
    if (tag === language) continue;
    const mend = tag === null ? 'name a language by BCP 47, such as en or pt-BR' : `write ${tag}`;
    throw new ForewarnError(
      'FW103',
      `${name} ${language}: "${language}" is not how a language is named; ${mend}`,
    );
  }
};

/**
 * Reads `languages.yaml` and `templates/*.yaml` of the rules and compiles them. All or nothing: what does not fit its schema,
 * is no Liquid, or names a fact, filter or part that does not exist is FW103 in one line.
 */
export const loadTemplates = (folder: string): MessageTemplates => {
  const languages = readRulesFile(folder, 'languages.yaml', messageLanguages, rulesSchemas.languages);
  checkLanguages(languages.name, languages.content);
  const files = new Map<string, TemplateFile>();
  for (const file of templateFiles(folder)) {
    const { name, content } = readRulesFile(
      folder,
      join('templates', file),
      messageTemplate,
      rulesSchemas.template,
    );
    checkLanguages(name, content);
    files.set(file.replace(/\.yaml$/, ''), { place: name, content });
  }
  if (!files.has(defaultTemplate)) {
    throw new ForewarnError(
      'FW103',
      `${shownFile(folder, 'templates')}: ${defaultTemplate}.yaml is missing; add it, for actions whose template has no file`,
    );
  }
  return messageTemplates(files, languages.content);
};
