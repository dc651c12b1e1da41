import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { parse } from 'yaml';
import { type Manifest, readReleases } from './read-chart.ts';
import { readKnownSum, readRendered, renderAll, sumOfRendered } from './rendered-files.ts';

// What the chart renders to was made once by Go's own templates and lies in rendered/. After a change of the chart:
// UPDATE_RENDERED=1 npm test -- test/deploy/chart, on a machine with the packages that render.go names.

jest.setTimeout(120_000);

const releases = [...readReleases().keys()];
if (process.env['UPDATE_RENDERED']) renderAll(releases);

/** The manifests of a release by kind and name; for the notes see `readRendered`. */
function manifestsOf(release: string): Manifest[] {
  return readRendered(release)
    .split(/^---\n/m)
    .filter((text) => text !== '' && !text.startsWith('# Source: templates/NOTES.txt'))
    .map((text) => parse(text, { strict: true, uniqueKeys: true }));
}

function ofKind(release: string, kind: string): Manifest {
  return manifestsOf(release).find((manifest) => manifest.kind === kind);
}

function kindsOf(release: string): string[] {
  return manifestsOf(release)
    .map(({ kind }) => kind)
    .sort();
}

it('what was rendered is of this chart and was not changed by hand', () => {
  expect(sumOfRendered()).toBe(readKnownSum());
});

describe('the kinds of a release', () => {
  it('are those of a Deployment, unless pods have disks', () => {
    expect(kindsOf('least')).toEqual(
      'Deployment NetworkPolicy Pod PodDisruptionBudget Service Service ServiceAccount'.split(' '),
    );
    expect(kindsOf('everything')).toEqual(
      `ConfigMap HorizontalPodAutoscaler NetworkPolicy Pod PodDisruptionBudget PrometheusRule Service Service
       ServiceAccount ServiceMonitor StatefulSet`.split(/\s+/),
    );
    expect(kindsOf('embedded')).toEqual(['NetworkPolicy', 'Service', 'Service', 'StatefulSet']);
  });

  it.each(['least', 'everything', 'embedded'])(
    '%s: each has a name of its own, labels and a version',
    (name) => {
      const manifests = manifestsOf(name);
      for (const { apiVersion, metadata } of manifests) {
        expect(apiVersion).toMatch(/^([a-z\d.]+\/)?v\d$/);
        expect(metadata.labels['app.kubernetes.io/instance']).toBe('release');
      }
      const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(new Set(names).size).toBe(names.length);
    },
  );
});

const PODS = [
  ['least', 'Deployment'],
  ['everything', 'StatefulSet'],
  ['embedded', 'StatefulSet'],
] as const;

describe.each(PODS)('the pods of %s', (release, kind) => {
  const workload = ofKind(release, kind);
  const { spec, metadata } = workload.spec.template;
  const [container] = spec.containers;

  it('may do as little as possible', () => {
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532 });
    expect(spec.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect([spec.automountServiceAccountToken, spec.enableServiceLinks]).toEqual([false, false]);
  });

  it('end in order before they are killed', () => {
    const wire = readFileSync(join(import.meta.dirname, '../../../src/wire.ts'), 'utf8');
    const seconds = (name: string) =>
      Number(new RegExp(`${name} = ([\\d_]+)`).exec(wire)?.[1]?.replace('_', '')) / 1000;
    const preStop = Number(container.lifecycle.preStop.exec.command[1]);
    const drain = preStop + seconds('DRAIN_DELAY_MS') + seconds('DRAIN_TIMEOUT_MS');
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(drain + 3);
  });

  it('are asked whether they live and whether they are ready', () => {
    expect(container.livenessProbe.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container.startupProbe.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
  });

  it('are found by their workload, their Service and their budget of disruptions', () => {
    const selectors = [
      workload.spec.selector.matchLabels,
      ...manifestsOf(release).flatMap(({ kind: other, spec: found }) =>
        other === 'Service'
          ? [found.selector]
          : other === 'PodDisruptionBudget'
            ? [found.selector.matchLabels]
            : [],
      ),
    ];
    expect(selectors).toHaveLength(release === 'embedded' ? 3 : 4);
    for (const selector of selectors) expect(metadata.labels).toMatchObject(selector);
    const doctor = ofKind(release, 'Pod');
    if (doctor) expect(doctor.metadata.labels).not.toMatchObject(selectors[0]);
  });

  it('mount what they are told to read, and write only to disks', () => {
    const mounts: { name: string; mountPath: string }[] = container.volumeMounts;
    const volumes = [...spec.volumes, ...(workload.spec.volumeClaimTemplates ?? []).map(byMetadataName)];
    expect(volumes.map(({ name }) => name).sort()).toEqual(mounts.map(({ name }) => name).sort());
    const paths = container.env
      .map(({ value = '' }: { value?: string }) => value)
      .filter((value: string) => /^\/(?!\/)/.test(value));
    expect(paths.length).toBeGreaterThan(0);
    for (const path of paths) {
      expect(mounts.filter(({ mountPath }) => path.startsWith(`${mountPath}/`))).toHaveLength(1);
    }
  });

  it('hold no secret in the open', () => {
    for (const { name, value } of container.env) {
      if (/SECRET|PASSWORD|AUTH_TOKEN|REDIS_URL|OPS_API_KEYS/.test(name)) {
        expect(value ?? '').toMatch(/^(\/run\/secrets\/mau-guard\/[A-Z_]+)?$/);
      }
    }
  });
});

function byMetadataName({ metadata }: Manifest): { name: string } {
  return { name: metadata.name };
}

describe('the rest', () => {
  it('a secret is a file, or a variable', () => {
    const [files, variables] = ['least', 'everything'].map(
      (release) => ofKind(release, 'Pod').spec.containers[0].env,
    );
    expect(files).toContainEqual({ name: 'REDIS_URL_FILE', value: '/run/secrets/mau-guard/REDIS_URL' });
    expect(variables).toContainEqual({
      name: 'REDIS_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'chat-secrets', key: 'REDIS_PASSWORD' } },
    });
  });

  it('a network policy never means everybody by an empty list', () => {
    expect(ofKind('embedded', 'NetworkPolicy').spec).toMatchObject({ ingress: [], egress: [] });
    for (const release of ['least', 'everything']) {
      const { ingress, egress } = ofKind(release, 'NetworkPolicy').spec;
      for (const rule of [...ingress, ...egress]) {
        expect((rule.from ?? rule.to).length).toBeGreaterThan(0);
        expect(rule.ports.length).toBeGreaterThan(0);
      }
    }
    expect(ofKind('everything', 'NetworkPolicy').spec.ingress).toHaveLength(1);
  });

  it('the autoscaler decides about replicas where there is one', () => {
    expect(ofKind('least', 'Deployment').spec.replicas).toBe(2);
    expect(ofKind('everything', 'StatefulSet').spec).not.toHaveProperty('replicas');
    expect(ofKind('everything', 'HorizontalPodAutoscaler').spec.scaleTargetRef).toMatchObject({
      kind: 'StatefulSet',
      name: ofKind('everything', 'StatefulSet').metadata.name,
    });
  });

  it('the configuration is a file that changes the pods when it changes', () => {
    const { data } = ofKind('everything', 'ConfigMap');
    expect(parse(data['mau-guard.yaml'])).toEqual(
      (readReleases().get('everything') as { config: unknown }).config,
    );
    const sums = ['least', 'everything'].map((release) => {
      const [, kind] = PODS.find(([name]) => name === release) as [string, string];
      return ofKind(release, kind).spec.template.metadata.annotations['checksum/config'];
    });
    expect(new Set(sums).size).toBe(2);
  });

  it('Prometheus is sent to each pod, and gets the alerts', () => {
    const { spec } = ofKind('everything', 'ServiceMonitor');
    const services = manifestsOf('everything').filter(({ kind }) => kind === 'Service');
    const found = services.filter(({ metadata }) =>
      Object.entries(spec.selector.matchLabels).every(([name, value]) => metadata.labels[name] === value),
    );
    expect(found.map((service) => service.spec.clusterIP)).toEqual(['None']);
    expect(ofKind('everything', 'PrometheusRule').spec).toEqual({ textOf: 'files/mau-guard.rules.yaml' });
  });

  it('the notes name what is missing', () => {
    expect(readRendered('least')).toMatch(/settings\.PUBLIC_URL[\s\S]*settings\.TRUST_PROXY/);
    expect(readRendered('everything')).not.toMatch(/Set settings\./);
  });
});

describe('what cannot work is refused', () => {
  it.each([
    ['refused-no-image', /^image\.repository: /],
    ['refused-no-secret', /^secret\.existingSecret: /],
    ['refused-many-embedded', /^ledger: embedded belongs to one process/],
    ['refused-short-grace', /^terminationGracePeriodSeconds: /],
  ])('%s', (release, words) => {
    expect(readRendered(release)).toMatch(words);
  });

  it('and all of these are looked at', () => {
    expect(releases.filter((name) => name.startsWith('refused-'))).toHaveLength(4);
  });
});
