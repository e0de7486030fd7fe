import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderAll } from './render.ts';

/** Writes dashboards and alerts where Grafana and Prometheus pick them up: `node dist/dashboards/generate.js`. */
const folder = join(process.cwd(), 'dashboards', 'generated');
mkdirSync(folder, { recursive: true });
for (const [name, text] of renderAll()) {
  writeFileSync(join(folder, name), text);
  console.log(join('dashboards', 'generated', name));
}
