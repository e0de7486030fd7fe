/** A feed's name in addresses, folders and headers: `saia-214`, `nws`. */
export const isSourceName = (name: string): boolean => /^[a-z0-9-]{1,64}$/.test(name);
