import type { Config } from '../runtime/config/config.ts';
export const replayCargo2000 = async (_file: string, _config: Config, _folder: string): Promise<void> => {};
