import { hostname } from 'node:os';

/** The name of this process among those that share a line. */
export const memberOf = ({ member }: { readonly member?: string | undefined }): string =>
  member ?? hostname();
