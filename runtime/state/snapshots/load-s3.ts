import type * as Sdk from '@aws-sdk/client-s3';
import { ForewarnError } from '../../forewarn-error.ts';

/** The official client, as it is when it is there. */
export type S3Sdk = typeof Sdk;

/** Loaded where the configuration asks for it, and nowhere else. FW221 with the command that mends it. */
export const loadS3 = async (
  load: () => Promise<S3Sdk> = () => import('@aws-sdk/client-s3'),
): Promise<S3Sdk> => {
  try {
    return await load();
  } catch (cause) {
    throw new ForewarnError(
      'FW221',
      'the configuration asks for an object store, and its client @aws-sdk/client-s3 is not installed; run "npm install --no-save @aws-sdk/client-s3@3"',
      { cause },
    );
  }
};
