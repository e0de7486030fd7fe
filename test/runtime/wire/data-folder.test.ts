import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { markerWith, openDataFolder, readMarker } from '../../../runtime/wire/data-folder.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const facts = { partitions: 4, time: 'recorded' } as const;

it('a data folder says what it was made with, in folders that were missing, and leaves nothing else behind', async () => {
  const folder = join(await tempFolder(), 'a', 'b');
  openDataFolder(folder, facts).release();
  expect(await readdir(folder)).toEqual(['forewarn.json']);
  expect(JSON.parse(await readFile(join(folder, 'forewarn.json'), 'utf8'))).toMatchObject(facts);
  openDataFolder(folder, facts).release();
});

it('a data folder is made again over what a crash left of its marker', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'forewarn.json.tmp'), '{"form');
  openDataFolder(folder, facts).release();
  expect(await readdir(folder)).toEqual(['forewarn.json']);
});

// Seen red with a SyntaxError that named neither file nor mend.
it('a data folder with a torn marker is refused with what to do, and stays free', async () => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'forewarn.json'), '');
  for (let attempt = 0; attempt < 2; attempt++)
    expect(() => openDataFolder(folder, facts)).toThrow(
      /^FW105 .*forewarn\.json does not say what the data folder was made with; restore it from a copy/,
    );
});

it('a data folder is of the generation of its log from its first start on, and refused when that is another', async () => {
  const folder = await tempFolder();
  const place = 'Kafka topics p.*';
  const savepoints = (generation: number) => ({ generation, takenBackTo: { id: '1', name: 'mid' } });
  openDataFolder(folder, { ...facts, log: place }).release();
  expect(markerWith(folder, { isNew: false, place, savepoints: undefined }).generation).toBe(0);
  expect(markerWith(folder, { isNew: true, place, savepoints: savepoints(2) }).generation).toBe(2);
  expect(readMarker(folder)).toMatchObject({ ...facts, generation: 2, log: place });
  expect(markerWith(folder, { isNew: false, place, savepoints: savepoints(2) }).generation).toBe(2);
  expect(() => markerWith(folder, { isNew: false, place, savepoints: savepoints(3) })).toThrow(
    `FW325 data folder ${folder} is of generation 2, and Kafka topics p.* of 3: they were taken back to savepoint "mid"; give --data a folder that is not there`,
  );
});
