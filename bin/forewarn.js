#!/usr/bin/env node
// The `forewarn` command: makes the clone ready when it is not, then hands over to the compiled command line.
await import('./prepare.js');
const { main } = await import('../dist/cli/main.js');
await main(process.argv);
