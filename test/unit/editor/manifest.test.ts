/** package.json and its texts, as far as no editor is needed to look at them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { devices, isInRange, settingRanges } from '../../../src/editor/setting-values.js';
import { deviceSchema } from '../../../src/protocol/devices.js';
import { defaultStrength } from '../../../src/protocol/limits.js';

interface Manifest {
  readonly icon: string;
  readonly main: string;
  readonly keywords: readonly string[];
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category?: string }[];
    readonly keybindings?: readonly { command: string; when?: string }[];
    readonly menus?: Readonly<Record<string, readonly { command?: string; when?: string }[]>>;
    readonly configuration: ConfigurationSection | readonly ConfigurationSection[];
    readonly walkthroughs?: readonly { steps: readonly { media: Readonly<Record<string, string>> }[] }[];
  };
}

interface ConfigurationSection {
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const json = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(json) as Manifest;
const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
const { commands, keybindings = [], menus = {}, configuration } = manifest.contributes;
const sections: readonly ConfigurationSection[] = [configuration].flat();
const properties = sections.flatMap((section) => Object.entries(section.properties));

describe('the texts of the manifest', () => {
  test('are there for every key that it names, and no other', () => {
    const named = [...json.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    expect([...new Set(named)].sort()).toEqual(Object.keys(texts).sort());
  });

  test('are written out nowhere else', () => {
    for (const { title, category } of commands) {
      expect(title).toMatch(/^%.*%$/);
      expect(category).toBe('OneFlow');
    }
  });

  test('describe every setting, and every value that it may take', () => {
    for (const [name, property] of properties) {
      expect(property['description'] ?? property['markdownDescription'], name).toMatch(/^%.*%$/);
      const values = property['enum'] as unknown[] | undefined;
      const described = property['enumDescriptions'] ?? property['markdownEnumDescriptions'];
      if (values !== undefined) expect(described, name).toHaveLength(values.length);
    }
  });
});

describe('settings', () => {
  const property = (name: string): Readonly<Record<string, unknown>> | undefined =>
    properties.find(([key]) => key === `oneflow.${name}`)?.[1];

  test('may be what the manifest says', () => {
    const { imageSize, ...ranges } = settingRanges;
    for (const [name, { minimum, maximum, isInteger }] of Object.entries(ranges)) {
      expect(property(name), name).toMatchObject({ minimum, maximum });
      expect([property(name)!['type']].flat(), name).toContain(isInteger ? 'integer' : 'number');
    }
    const sizes = property('imageSize')!['enum'] as unknown[];
    expect(sizes.filter((size) => !isInRange(size, imageSize))).toEqual([0]);
    expect(property('strength')!['default']).toBe(defaultStrength);
  });

  test('name the devices that there are', () => {
    expect(property('device')!['enum']).toEqual(devices);
    expect(deviceSchema.options).toEqual(devices);
  });

  test('are looked at as they are, whatever a settings file says', () => {
    const { steps, strength } = settingRanges;
    expect([0, 1, 0.5].map((value) => isInRange(value, strength))).toEqual([true, true, true]);
    expect([1.01, -1, NaN, '0.5', true, {}].some((value) => isInRange(value, strength))).toBe(false);
    expect([0, 1000].every((value) => isInRange(value, steps))).toBe(true);
    expect([0.5, 1001, '3'].some((value) => isInRange(value, steps))).toBe(false);
  });
});

describe('the manifest', () => {
  test('names only commands that it contributes', () => {
    const contributed = new Set(commands.map(({ command }) => command));
    const linked = [json, ...Object.values(texts)].flatMap((text) =>
      [...text.matchAll(/\b(?:command|onCommand):(oneflow\.\w+)/g)].map(([, command]) => command!),
    );
    const used = [...keybindings, ...Object.values(menus).flat()].flatMap(({ command }) => command ?? []);
    const foreign = [...used, ...linked].filter(
      (command) => command.startsWith('oneflow.') && !contributed.has(command),
    );
    expect(foreign).toEqual([]);
  });

  test('gives every key a condition', () => {
    expect(keybindings.filter(({ when }) => when === undefined)).toEqual([]);
  });

  test('activates by what it contributes, never at start', () => {
    expect(manifest.activationEvents).not.toContain('*');
    expect(manifest.activationEvents).not.toContain('onStartupFinished');
  });

  test('keeps paths that name programs and models out of workspaces', () => {
    const scopes = Object.fromEntries(properties.map(([name, { scope }]) => [name, scope]));
    expect(scopes['oneflow.model']).toMatch(/^machine/);
    expect(scopes['oneflow.nodePath']).toMatch(/^machine/);
  });

  test('shows pictures that are there, and no more than thirty keywords', () => {
    const media = (manifest.contributes.walkthroughs ?? []).flatMap(({ steps }) =>
      steps.map((step) => step.media),
    );
    const files = media.flatMap(({ image, markdown, svg }) =>
      [image, markdown, svg].flatMap((file) => file ?? []),
    );
    for (const file of [manifest.icon, ...files]) expect(existsSync(file), file).toBe(true);
    expect(manifest.keywords.length).toBeLessThanOrEqual(30);
  });
});

describe('the bundle of messages', () => {
  test('holds what the editor says: run npm run l10n when it does not', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        "import { bundleText } from './scripts/l10n.mjs'; process.stdout.write(bundleText());",
      ],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(readFileSync('l10n/bundle.l10n.json', 'utf8')).toBe(stdout);
  });
});

describe('the bundle of the extension', () => {
  test('holds neither the parser nor anything native, and asks for nothing that is not packed', async () => {
    const { metafile } = await build({
      entryPoints: ['src/extension.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['vscode'],
      metafile: true,
      write: false,
    });
    const inputs = Object.keys(metafile.inputs).filter((file) => file.includes('node_modules/'));
    const heavy = /node_modules\/(markdown-it|onnxruntime-[a-z]+|sharp|@huggingface)\//;
    expect(inputs.filter((file) => heavy.test(file))).toEqual([]);
    const [output] = Object.values(metafile.outputs);
    const asked = output!.imports
      .filter(({ external }) => external)
      .map(({ path }) => path.replace(/^node:/, ''));
    expect(asked.filter((name) => name !== 'vscode' && !builtinModules.includes(name))).toEqual([]);
  });
});
