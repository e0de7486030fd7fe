import { loadFormat, type PayloadDecoder } from './load-format.ts';
import type { RegisteredSchema } from './schema-registry.ts';

/** JSON that its schema allows goes on as it was written; what it does not allow is thrown with the place. */
export const jsonSchemaDecoders = async (): Promise<(schema: RegisteredSchema) => PayloadDecoder> => {
  const [{ Ajv }, { Ajv2019 }, { Ajv2020 }] = await loadFormat('json-schema', () =>
    Promise.all([import('ajv'), import('ajv/dist/2019.js'), import('ajv/dist/2020.js')]),
  );
  return ({ text, references }) => {
    const schema = JSON.parse(text) as { readonly $schema?: string };
    const { $schema: draft = '' } = schema;
    const Version = draft.includes('2020-12') ? Ajv2020 : draft.includes('2019-09') ? Ajv2019 : Ajv;
    // A registry checks its schemas itself; formats say what is meant, not what must be.
    const ajv = new Version({ strict: false, validateFormats: false, logger: false });
    for (const { name, text: referred } of references) ajv.addSchema(JSON.parse(referred) as object, name);
    const validate = ajv.compile(schema);
    return (payload) => {
      if (!validate(JSON.parse(payload.toString()))) throw new Error(ajv.errorsText(validate.errors));
      return payload;
    };
  };
};
