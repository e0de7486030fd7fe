#!/usr/bin/env node
// The `forewarn` command: makes the clone ready when it is not, then hands over to the compiled command line.
import { existsSync } from 'node:fs';

// An image has the compiled code alone, and nothing to make ready.
if (existsSync(new URL('../tsconfig.json', import.meta.url))) await import('./prepare.js');
const { main } = await import('../dist/cli/main.js');
await main(process.argv);
