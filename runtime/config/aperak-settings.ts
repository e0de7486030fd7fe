import { z } from 'zod';
import { login } from './login.ts';

/** How the sender of a source's EDIFACT is told what became of it. */
export const aperakSettings = z
  .strictObject({
    url: z.string().optional().meta({ description: 'http(s) address that takes APERAKs by POST.' }),
    folder: z.string().optional().meta({ description: 'Or the folder that APERAKs are put into.' }),
    ...login,
  })
  .refine(({ url, folder }) => (url === undefined) !== (folder === undefined), 'give either url or folder');
