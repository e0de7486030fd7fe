import { ForewarnError } from '../../../runtime/forewarn-error.ts';

/** Packages that decode values with schemas, with the versions that are tested. */
const packages = { avro: 'avsc@5.7.9', protobuf: 'protobufjs@8.8.1', 'json-schema': 'ajv@8' } as const;
export type SchemaFormat = keyof typeof packages;

/** FW226 with the command that mends it when the optional package of a format is not there. */
export const loadFormat = async <T>(format: SchemaFormat, load: () => Promise<T>): Promise<T> => {
  try {
    return await load();
  } catch (cause) {
    const name = packages[format];
    throw new ForewarnError(
      'FW226',
      `the configuration asks for values of ${format}, and ${name.split('@')[0]} cannot be loaded; run "npm install --no-save ${name}"`,
      { cause },
    );
  }
};

/** Makes a document's bytes of a payload; throws where the payload does not fit. */
export type PayloadDecoder = (payload: Buffer) => Uint8Array;
