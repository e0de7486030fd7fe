import type { Config } from '../runtime/config/config.ts';
import { loadConfig } from '../runtime/config/load-config.ts';

export interface ConfigOptions {
  readonly config?: string;
  readonly data?: string;
  readonly port?: number;
}

/** The configuration with what the command line says on top of it. */
export const configFrom = ({ config: file, data, port }: ConfigOptions): Config => {
  const config = loadConfig({ ...(file === undefined ? {} : { file }), environment: process.env });
  return {
    ...config,
    dataFolder: data ?? config.dataFolder,
    http: { ...config.http, port: port ?? config.http.port },
  };
};
