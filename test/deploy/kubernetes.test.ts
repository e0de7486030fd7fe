import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { STOP_WITHIN_MS } from '../../cli/run.ts';
import { loadConfig } from '../../runtime/config/load-config.ts';
import { deployed, documentsOf, SECRETS, services, textOf } from './deployed.ts';
import { healthApp } from './health-app.ts';

const config = loadConfig({ file: deployed('forewarn.yaml'), environment: SECRETS });
const labels = z.record(z.string(), z.string());
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const { spec } = z
  .object({
    spec: z.object({
      serviceName: z.string(),
      selector: z.object({ matchLabels: labels }),
      volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
      template: z.object({
        metadata: z.object({ labels, annotations: labels }),
        spec: z.object({
          terminationGracePeriodSeconds: z.number(),
          initContainers: z.array(z.object({ image: z.string(), args: z.array(z.string()) })),
          containers: z.array(
            z.object({
              image: z.string(),
              ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
              env: z.array(z.object({ name: z.string() })),
              startupProbe: probe,
              livenessProbe: probe,
              readinessProbe: probe,
              lifecycle: z.object({
                preStop: z.object({ exec: z.object({ command: z.array(z.string()) }) }),
              }),
              volumeMounts: z.array(
                z.object({ name: z.string(), mountPath: z.string(), subPath: z.string().optional() }),
              ),
            }),
          ),
        }),
      }),
    }),
  })
  .parse(documentsOf('kubernetes/stateful-set.yaml')[0]);
const pod = spec.template;
const container = pod.spec.containers[0]!;

describe('the StatefulSet', () => {
  it('has the configuration that compose has, and gives it every secret that it refers to', () => {
    const { data } = z
      .object({ data: z.record(z.string(), z.string()) })
      .parse(documentsOf('kubernetes/config-map.yaml')[0]);
    expect(data).toEqual({ 'forewarn.yaml': textOf('forewarn.yaml') });
    expect(container.env.map(({ name }) => name).toSorted()).toEqual(Object.keys(SECRETS).toSorted());
  });

  it('runs the image of compose', () => {
    const images = [container, ...pod.spec.initContainers].map(({ image }) => image);
    expect(new Set(images)).toEqual(new Set([services['forewarn-1']?.image]));
  });

  it('mounts what the configuration names, and the first rules into the folder that becomes the rules', () => {
    const { mountPath: dataPath, subPath: line } = container.volumeMounts.find(
      ({ mountPath }) => mountPath === config.dataFolder,
    )!;
    expect([dataPath, line]).toEqual(['/data', 'line']);
    expect(container.volumeMounts).toContainEqual({
      name: 'volume',
      mountPath: '/app/rules',
      subPath: 'rules',
    });
    expect(config.rules).toBe('./rules');
    expect(pod.spec.initContainers[0]?.args[0]).toContain('mv /volume/rules.new /volume/rules');
    expect(spec.volumeClaimTemplates.map(({ metadata }) => metadata.name)).toEqual(['volume']);
  });

  it('probes addresses that answer', async () => {
    const app = await healthApp([]);
    const { startupProbe, livenessProbe, readinessProbe } = container;
    const asked = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
    expect(asked.map(({ path }) => path)).toEqual(['/livez', '/livez', '/readyz']);
    for (const path of [
      ...asked.map((one) => one.path),
      pod.metadata.annotations['prometheus.io/path'] ?? '',
    ])
      expect((await app.inject(path)).statusCode, path).toBe(200);
    for (const { port } of asked) expect(port).toBe(container.ports[0]?.name);
    expect(container.ports).toEqual([{ name: 'http', containerPort: config.http.port }]);
    expect(pod.metadata.annotations['prometheus.io/port']).toBe(String(config.http.port));
  });

  it('waits longer for a stop than the pause before it and a drain may take', () => {
    const [command, pauseSec] = container.lifecycle.preStop.exec.command;
    expect(command).toBe('sleep');
    expect(pod.spec.terminationGracePeriodSeconds * 1_000).toBeGreaterThan(
      Number(pauseSec) * 1_000 + STOP_WITHIN_MS,
    );
  });
});

it('Services and disruption budget choose these pods', () => {
  const service = z.object({
    metadata: z.object({ name: z.string() }),
    spec: z.object({
      selector: labels,
      ports: z.array(z.object({ port: z.number(), targetPort: z.string() })),
    }),
  });
  const both = documentsOf('kubernetes/service.yaml').map((one) => service.parse(one));
  expect(both.map(({ metadata }) => metadata.name)).toContain(spec.serviceName);
  for (const { spec: own } of both) {
    expect(own.selector).toEqual(pod.metadata.labels);
    expect(own.ports).toMatchObject([{ port: config.http.port, targetPort: 'http' }]);
  }
  const budget = z
    .object({ spec: z.object({ maxUnavailable: z.number(), selector: z.object({ matchLabels: labels }) }) })
    .parse(documentsOf('kubernetes/disruption-budget.yaml')[0]);
  expect(budget.spec.selector.matchLabels).toEqual(pod.metadata.labels);
  expect(spec.selector.matchLabels).toEqual(pod.metadata.labels);
});
