import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Aliases, type ModelDecision } from '../domain/model-decision.ts';
import { stableId } from '../domain/stable-id.ts';
import { ForewarnError } from '../runtime/forewarn-error.ts';
import { makeFolder, putInPlace, syncFolder, writeDurable } from '../runtime/durable-file.ts';
import { columnsOf } from './columns-of.ts';
import type { Model } from './model.ts';
import { exportOnnx, outputNameOf } from './onnx/export-onnx.ts';
import { inputName } from './onnx/graph-part.ts';
import { aliasesAfter, appendDecision, readDecisions } from './registry-journal.ts';
import { type RateRule, ruleVersion, type Signature, type SignatureOutput, signature } from './signature.ts';

export interface NewModel {
  readonly trained: Model;
  readonly features: readonly string[];
  readonly threshold: number;
  /** Anything worth knowing: data, quality, when and by whom. Must survive JSON. */
  readonly card: object;
  /** Where it is a rule, the rule. */
  readonly rule?: RateRule;
  /** What its inputs and errors were like, for whoever watches it; see models/drift. Must survive JSON. */
  readonly reference?: object;
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

/** What is decided, before it has its place among the decisions. */
export type NewDecision = Omit<ModelDecision, 'id' | 'heardAt' | 'before'>;

/**
 * Models on disk: `<folder>/<model>/<version>/{model.onnx, signature.json, card.json}`, and beside the versions the
 * decisions about them, `decisions.ndjson`, of which champion, challenger and shadow follow. A version is never changed;
 * it is named by its content, so that publishing the same model twice is once. A crash leaves a version whole or absent,
 * and a decision made or not.
 */
export interface ModelRegistry {
  /** Models that have a version, in order of their names. */
  models(): Promise<readonly string[]>;
  /** Returns the version. It serves nothing before a decision says so. */
  publish(model: string, content: NewModel): Promise<string>;
  /** The same for a file that was brought along; its golden rows stay beside it in `golden.json`. */
  add(content: BroughtModel): Promise<string>;
  versions(model: string): Promise<readonly string[]>;
  /**
   * Writes a decision down, and with it what is in force. Throws FW601 for a version that is not there or was retired,
   * and for the retirement of the champion.
   */
  decide(decision: NewDecision): Promise<ModelDecision>;
  /** What is known of a version, whether or not it can be served. FW601 where it cannot be read. */
  describe(model: string, version: string): Promise<Pick<RegisteredModel, 'signature' | 'card'>>;
  /** What the version was like when it was made; null where nobody wrote it down. */
  reference(model: string, version: string): Promise<unknown>;
  decisions(model: string): Promise<readonly ModelDecision[]>;
  aliases(model: string): Promise<Aliases>;
  /** Throws FW208 when one of its columns is not among `features`, FW601 when its files do not belong together. */
  load(model: string, version: string, features: readonly string[]): Promise<RegisteredModel>;
}

export interface RegistryOptions {
  /**
   * Another folder of models, which is only read: a model that the registry does not have is seen as it is there, and
   * copied whole before anything of it is changed.
   */
  readonly beginsWith?: string;
}

export const modelRegistry = (folder: string, { beginsWith }: RegistryOptions = {}): ModelRegistry => {
  const isThere = async (at: string): Promise<boolean> => (await foldersIn(at)) !== null;
  /** Where a model lies. */
  const homeOf = async (model: string): Promise<string> =>
    beginsWith !== undefined &&
    !(await isThere(join(folder, model))) &&
    (await isThere(join(beginsWith, model)))
      ? beginsWith
      : folder;
  const versions = async (model: string): Promise<readonly string[]> =>
    (await foldersIn(join(await homeOf(model), model))) ?? [];
  const decisions = async (model: string): Promise<readonly ModelDecision[]> =>
    readDecisions(await homeOf(model), model);
  /** A model of its own from here on. */
  const own = async (model: string): Promise<void> => {
    const home = await homeOf(model);
    await makeFolder(folder);
    if (home === folder) return;
    const temporary = join(folder, `.${model}-${randomUUID()}`);
    await cp(join(home, model), temporary, { recursive: true });
    await putInPlace(temporary, join(folder, model)).catch(async (error: unknown) => {
      await rm(temporary, { recursive: true, force: true });
      if (!(await isThere(join(folder, model)))) throw error;
    });
  };
  // One decision follows from those before it.
  let turn: Promise<unknown> = Promise.resolve();

  const decide = async (decision: NewDecision): Promise<ModelDecision> => {
    const { model, version, kind } = decision;
    const before = await decisions(model);
    const { champion } = aliasesAfter(before);
    const refuse = (why: string): never => {
      throw new ForewarnError('FW601', `model "${model}": version ${version} cannot be ${kind}: ${why}`);
    };
    if (!(await versions(model)).includes(version))
      refuse(`there is none in ${folder}; publish it first, or name one of forewarn models list`);
    if (kind !== 'retired' && before.some((one) => one.kind === 'retired' && one.version === version))
      refuse('it was retired; publish it anew with other content');
    if (kind === 'retired' && champion === version)
      refuse('it is the champion; promote another version first');
    const id = stableId('model-decision', model, version, kind, before.length);
    const made: ModelDecision = { ...decision, id, heardAt: decision.at, before: champion };
    await own(model);
    await appendDecision(folder, made);
    return made;
  };

  /** Writes a version whole, or finds it there. */
  const keep = async (
    of: Signature,
    onnx: Uint8Array,
    more: Readonly<Record<string, object>>,
  ): Promise<string> => {
    const { model, version } = of;
    if ((await versions(model)).includes(version)) return version;
    await own(model);
    const temporary = join(folder, model, `.${version}-${randomUUID()}`);
    await mkdir(temporary, { recursive: true });
    await writeDurable(join(temporary, 'model.onnx'), onnx);
    for (const [name, content] of Object.entries({ signature: of, ...more }))
      // Of a reference nobody reads the twenty thousand numbers one a line.
      await writeDurable(
        join(temporary, `${name}.json`),
        `${JSON.stringify(content, null, name === 'reference' ? 0 : 2)}\n`,
      );
    await syncFolder(temporary);
    await putInPlace(temporary, join(folder, model, version)).catch(async (error: unknown) => {
      // Somebody else was faster with the same content.
      await rm(temporary, { recursive: true, force: true });
      if (!(await versions(model)).includes(version)) throw error;
    });
    return version;
  };

  const readVersion = async (model: string, version: string) => {
    const at = join(await homeOf(model), model, version);
    const read = async <T>(name: string, use: (content: Buffer) => T): Promise<T> => {
      try {
        return use(await readFile(join(at, name)));
      } catch (cause) {
        throw unfit(model, version, `${name} cannot be read from ${at}`, cause);
      }
    };
    const json = (content: Buffer): unknown => JSON.parse(content.toString('utf8'));
    const parsed = signature.safeParse(await read('signature.json', json));
    if (!parsed.success) throw unfit(model, version, 'signature.json does not fit its schema', parsed.error);
    return {
      signature: parsed.data,
      card: await read('card.json', json),
      read,
      pathOf: (name: string) => join(at, name),
    };
  };

  return {
    versions,
    models: async () => {
      const shipped = beginsWith === undefined ? null : await foldersIn(beginsWith);
      return [...new Set([...((await foldersIn(folder)) ?? []), ...(shipped ?? [])])].toSorted();
    },
    decide: (decision) => {
      const made = turn.then(() => decide(decision));
      turn = made.catch(() => undefined);
      return made;
    },
    decisions,
    aliases: async (model) => aliasesAfter(await decisions(model)),

    publish: async (model, { trained, features, threshold, card, rule, reference }) => {
      const onnx = exportOnnx(trained);
      const sha256 = sha256Of(onnx);
      const content = sha256Of(JSON.stringify([sha256, features, threshold])).slice(0, 12);
      const version = rule === undefined ? content : ruleVersion(content);
      const of: Signature = {
        model,
        version,
        origin: 'forewarn',
        features: features.map((name) => ({ name, type: 'float32' })),
        input: inputName,
        outputs: [outputOf(trained)],
        calibration: { kind: 'in-graph' },
        threshold,
        ...(rule === undefined ? {} : { rule }),
        sha256,
      };
      checkColumns(of, trained.columns);
      return keep(of, onnx, { card, ...(reference === undefined ? {} : { reference }) });
    },

    add: async ({ onnx, signature: told, golden, card }) => {
      const sha256 = sha256Of(onnx);
      const version = sha256Of(JSON.stringify([sha256, told])).slice(0, 12);
      return keep({ ...told, version, sha256 }, onnx, { card, golden });
    },

    describe: async (model, version) => {
      const { signature: of, card } = await readVersion(model, version);
      return { signature: of, card };
    },

    reference: async (model, version) => {
      const at = join(await homeOf(model), model, version, 'reference.json');
      const text = await readFile(at, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return 'null';
        throw error;
      });
      return JSON.parse(text) as unknown;
    },

    load: async (model, version, features) => {
      const found = await readVersion(model, version);
      const sha256 = sha256Of(await found.read('model.onnx', (content) => content));
      if (found.signature.sha256 !== sha256) {
        throw unfit(
          model,
          version,
          `model.onnx has SHA-256 ${sha256}, its signature says ${found.signature.sha256}`,
        );
      }
      columnsOf(found.signature, features);
      return { modelPath: found.pathOf('model.onnx'), signature: found.signature, card: found.card };
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

/** Names of the folders there, hidden ones left out; null where nothing is. */
const foldersIn = async (at: string): Promise<readonly string[] | null> => {
  const entries = await readdir(at, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return (
    entries?.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name) ??
    null
  );
};
