import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { putInPlace, syncFolder, writeDurable } from '../runtime/durable-file.ts';
import { columnsOf } from './columns-of.ts';
import type { Model } from './model.ts';
import { exportOnnx, outputNameOf } from './onnx/export-onnx.ts';
import { inputName } from './onnx/graph-part.ts';
import { type Signature, type SignatureOutput, signature } from './signature.ts';

export type ModelAlias = 'champion' | 'challenger' | 'shadow';

export interface NewModel {
  readonly trained: Model;
  readonly features: readonly string[];
  readonly threshold: number;
  /** Anything worth knowing: data, quality, when and by whom. Must survive JSON. */
  readonly card: object;
}

/** A model file that somebody brings, after it was checked. */
export interface BroughtModel {
  readonly onnx: Uint8Array;
  readonly signature: Omit<Signature, 'version' | 'sha256'>;
  readonly golden: object;
  readonly card: object;
}

export interface RegisteredModel {
  readonly modelPath: string;
  readonly signature: Signature;
  readonly card: unknown;
}

/**
 * Models on disk: `<folder>/<model>/<version>/{model.onnx, signature.json, card.json}` and
 * `<folder>/<model>/aliases.json`. A version is never changed; it is named by its content, so that publishing
 * the same model twice is once. A crash leaves a version whole or absent, an alias old or new.
 */
export interface ModelRegistry {
  /** Returns the version. */
  publish(model: string, content: NewModel): Promise<string>;
  /** The same for a file that was brought along; its golden rows stay beside it in `golden.json`. */
  add(content: BroughtModel): Promise<string>;
  /** Names of all models that have a folder. */
  models(): Promise<string[]>;
  versions(model: string): Promise<string[]>;
  setAlias(model: string, alias: ModelAlias, version: string): Promise<void>;
  /** The version that an alias points at; null where it points nowhere. */
  alias(model: string, alias: ModelAlias): Promise<string | null>;
  /** Throws FW208 when one of its columns is not among `features`, FW601 when its files do not belong together. */
  load(model: string, version: string, features: readonly string[]): Promise<RegisteredModel>;
}

const aliases = z.partialRecord(z.enum(['champion', 'challenger', 'shadow']), z.string());

export const modelRegistry = (folder: string): ModelRegistry => {
  const aliasesOf = async (model: string): Promise<z.infer<typeof aliases>> => {
    const text = await readOrNull(join(folder, model, 'aliases.json'));
    return text === null ? {} : aliases.parse(JSON.parse(text));
  };

  const versions = async (model: string): Promise<string[]> => foldersIn(join(folder, model));

  /** Writes a version whole, or finds it there. */
  const keep = async (
    of: Signature,
    onnx: Uint8Array,
    more: Readonly<Record<string, object>>,
  ): Promise<string> => {
    const { model, version } = of;
    if ((await versions(model)).includes(version)) return version;
    const temporary = join(folder, model, `.${version}-${randomUUID()}`);
    await mkdir(temporary, { recursive: true });
    await writeDurable(join(temporary, 'model.onnx'), onnx);
    for (const [name, content] of Object.entries({ signature: of, ...more }))
      await writeDurable(join(temporary, `${name}.json`), `${JSON.stringify(content, null, 2)}\n`);
    await syncFolder(temporary);
    await putInPlace(temporary, join(folder, model, version)).catch(async (error: unknown) => {
      // Somebody else was faster with the same content.
      await rm(temporary, { recursive: true, force: true });
      if (!(await versions(model)).includes(version)) throw error;
    });
    return version;
  };

  return {
    models: async () => foldersIn(folder),
    versions,
    alias: async (model, alias) => (await aliasesOf(model))[alias] ?? null,

    publish: async (model, { trained, features, threshold, card }) => {
      const onnx = exportOnnx(trained);
      const sha256 = sha256Of(onnx);
      const version = sha256Of(JSON.stringify([sha256, features, threshold])).slice(0, 12);
      const of: Signature = {
        model,
        version,
        origin: 'forewarn',
        features: features.map((name) => ({ name, type: 'float32' })),
        input: inputName,
        outputs: [outputOf(trained)],
        calibration: { kind: 'in-graph' },
        threshold,
        sha256,
      };
      checkColumns(of, trained.columns);
      return keep(of, onnx, { card });
    },

    add: async ({ onnx, signature: told, golden, card }) => {
      const sha256 = sha256Of(onnx);
      const version = sha256Of(JSON.stringify([sha256, told])).slice(0, 12);
      return keep({ ...told, version, sha256 }, onnx, { card, golden });
    },

    setAlias: async (model, alias, version) => {
      if (!(await versions(model)).includes(version)) {
        throw new ForewarnError(
          'FW601',
          `model "${model}": ${alias} cannot be version ${version}, which is not in ${folder}; publish it first.`,
        );
      }
      const content = { ...(await aliasesOf(model)), [alias]: version };
      const temporary = join(folder, model, `.aliases-${randomUUID()}`);
      await writeDurable(temporary, `${JSON.stringify(content, null, 2)}\n`);
      await putInPlace(temporary, join(folder, model, 'aliases.json'));
    },

    load: async (model, version, features) => {
      const at = join(folder, model, version);
      const modelPath = join(at, 'model.onnx');
      const read = async <T>(name: string, use: (content: Buffer) => T): Promise<T> => {
        try {
          return use(await readFile(join(at, name)));
        } catch (cause) {
          throw unfit(model, version, `${name} cannot be read from ${at}`, cause);
        }
      };
      const json = (content: Buffer): unknown => JSON.parse(content.toString('utf8'));
      const parsed = signature.safeParse(await read('signature.json', json));
      if (!parsed.success)
        throw unfit(model, version, 'signature.json does not fit its schema', parsed.error);
      const sha256 = await read('model.onnx', sha256Of);
      if (parsed.data.sha256 !== sha256) {
        throw unfit(
          model,
          version,
          `model.onnx has SHA-256 ${sha256}, its signature says ${parsed.data.sha256}`,
        );
      }
      columnsOf(parsed.data, features);
      return { modelPath, signature: parsed.data, card: await read('card.json', json) };
    },
  };
};

/** What a model of ours says, as its signature tells it. */
const outputOf = (trained: Model): SignatureOutput => {
  const name = outputNameOf(trained);
  switch (trained.objective) {
    case 'binary':
      return { name, kind: 'risk', gives: 'probability' };
    case 'quantile':
      return { name, kind: 'quantiles', gives: 'probability', levels: [...trained.levels] };
    case 'multiclass':
      return { name, kind: 'classes', gives: 'probability', labels: [...trained.classes] };
  }
};

const unfit = (model: string, version: string, what: string, cause?: unknown): ForewarnError =>
  new ForewarnError(
    'FW601',
    `model "${model}" version ${version}: ${what}; publish the version again or choose another.`,
    { cause },
  );

const checkColumns = ({ model, version, features }: Signature, columns: number): void => {
  if (features.length === columns) return;
  throw unfit(model, version, `it has ${columns} columns and ${features.length} features are named`);
};

const sha256Of = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

const readOrNull = async (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });

const foldersIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(emptyIfMissing);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
};

const emptyIfMissing = (error: unknown): [] => {
  if (isMissing(error)) return [];
  throw error;
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
