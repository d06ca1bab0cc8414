import { link, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadEngineModel } from '../../../src/engine-host/engine-model.js';
import { HostError } from '../../../src/engine-host/errors.js';
import type { ModelManifest } from '../../../src/protocol/model-package.js';
import {
  badGraph,
  copyOfTinyModel,
  editManifest,
  replaceFile,
  temporaryFolder,
  tinyModel,
} from './tiny-package.js';

/** The one sentence that refuses the package in `folder`, without the part that names the folder. */
async function refusal(folder: string): Promise<string> {
  try {
    const model = await loadEngineModel(folder, 1);
    await model.dispose();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    expect(error.code).toBe('bad-model');
    const start = `The model package ${folder} cannot be used: `;
    expect(error.message.startsWith(start)).toBe(true);
    expect(error.message).toMatch(/[^.]\.$/);
    expect(error.message).not.toContain('\n');
    return error.message.slice(start.length);
  }
  throw new Error('the package was accepted');
}

async function refusalAfter(spoil: (folder: string) => Promise<void>): Promise<string> {
  const folder = await copyOfTinyModel();
  await spoil(folder);
  return refusal(folder);
}

test('a sound package loads and says what it is', async () => {
  const model = await loadEngineModel(tinyModel, 1);
  await model.dispose();
  expect(model.info).toMatchObject({
    name: 'tiny-model',
    version: '1.0.0',
    styles: ['flat', 'line'],
    sizes: [16, 32, 256],
    defaults: { steps: 6, guidance: { text: 1, image: 1.5 } },
  });
  expect(model.info.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test('the package folder itself may be a link', async () => {
  const alias = path.join(await temporaryFolder(), 'alias');
  await symlink(tinyModel, alias);
  const model = await loadEngineModel(alias, 1);
  await model.dispose();
  expect(model.info.name).toBe('tiny-model');
});

describe('files', () => {
  const denoiser = (folder: string): string => path.join(folder, 'denoiser.onnx');

  test.each<[name: string, spoil: (folder: string) => Promise<void>, sentence: RegExp]>([
    ['missing', (folder) => rm(denoiser(folder)), /^denoiser\.onnx is missing\.$/],
    [
      'cut short',
      (folder) => truncate(denoiser(folder), 1000),
      /^denoiser\.onnx is cut short: 1000 bytes where model\.json lists \d+\.$/,
    ],
    [
      'too long',
      async (folder) => {
        await writeFile(denoiser(folder), 'more', { flag: 'a' });
      },
      /^denoiser\.onnx is too long: \d+ bytes where model\.json lists \d+\.$/,
    ],
    [
      'altered',
      async (folder) => {
        const bytes = await readFile(denoiser(folder));
        bytes[500]! ^= 1;
        await writeFile(denoiser(folder), bytes);
      },
      /^denoiser\.onnx was altered: its SHA-256 is [0-9a-f]{64} where model\.json lists [0-9a-f]{64}\.$/,
    ],
    [
      'a symbolic link',
      async (folder) => {
        await rename(denoiser(folder), path.join(folder, 'elsewhere.onnx'));
        await symlink('elsewhere.onnx', denoiser(folder));
      },
      /^denoiser\.onnx is a link, /,
    ],
    [
      'a hard link',
      (folder) => link(denoiser(folder), path.join(folder, 'second-name.onnx')),
      /^denoiser\.onnx is a link, has a second name \(hard link\)/,
    ],
    [
      'a folder',
      async (folder) => {
        await rm(denoiser(folder));
        await mkdir(denoiser(folder));
      },
      /^denoiser\.onnx is a link, .* or is no regular file/,
    ],
    [
      'in a folder that is a symbolic link',
      async (folder) => {
        await mkdir(path.join(folder, 'real'));
        await rename(denoiser(folder), path.join(folder, 'real', 'denoiser.onnx'));
        await symlink('real', path.join(folder, 'graphs'));
        await editManifest(folder, (manifest) => {
          manifest.graphs.denoiser.file = 'graphs/denoiser.onnx';
          manifest.files.find((file) => file.path === 'denoiser.onnx')!.path = 'graphs/denoiser.onnx';
        });
      },
      /^the folder graphs is a symbolic link; /,
    ],
  ])('one that is %s is refused', async (_, spoil, sentence) => {
    expect(await refusalAfter(spoil)).toMatch(sentence);
  });

  test('a package may have folders', async () => {
    const folder = await copyOfTinyModel();
    await mkdir(path.join(folder, 'graphs'));
    await rename(denoiser(folder), path.join(folder, 'graphs', 'denoiser.onnx'));
    await editManifest(folder, (manifest) => {
      manifest.graphs.denoiser.file = 'graphs/denoiser.onnx';
      manifest.files.find((file) => file.path === 'denoiser.onnx')!.path = 'graphs/denoiser.onnx';
    });
    const model = await loadEngineModel(folder, 1);
    await model.dispose();
    expect(model.info.name).toBe('tiny-model');
  });

  test.each([
    '../outside.onnx',
    'graphs/../../outside.onnx',
    '/etc/passwd',
    'C:\\model.onnx',
    'C:model.onnx',
    '\\\\server\\share\\model.onnx',
    'graphs\\denoiser.onnx',
    './denoiser.onnx',
    'graphs//denoiser.onnx',
    'denoiser.onnx/',
    '.hidden',
    'nul\0byte',
    '',
  ])('the path %j is refused before anything is read', async (listed) => {
    const sentence = await refusalAfter((folder) =>
      editManifest(folder, (manifest) => {
        manifest.files.push({ path: listed, bytes: 1, sha256: '0'.repeat(64) });
      }),
    );
    expect(sentence).toContain(`model.json lists the file "${listed}"; a path must be relative`);
  });

  test.each(['denoiser.onnx', 'Denoiser.ONNX'])('%s is refused as a second entry', async (listed) => {
    const sentence = await refusalAfter((folder) =>
      editManifest(folder, (manifest) => {
        manifest.files.push({
          ...manifest.files.find((file) => file.path === 'denoiser.onnx')!,
          path: listed,
        });
      }),
    );
    expect(sentence).toBe(`model.json lists the file "${listed}" twice.`);
  });

  test('a package of more than a gigabyte is refused before anything is read', async () => {
    const sentence = await refusalAfter((folder) =>
      editManifest(folder, (manifest) => {
        manifest.files[0]!.bytes = 2 ** 30;
      }),
    );
    expect(sentence).toMatch(/^its files are \d+ bytes together, more than the 1073741824 allowed\.$/);
  });
});

describe('model.json', () => {
  test('a folder without one, or no folder, is refused', async () => {
    expect(await refusal(await temporaryFolder())).toBe('model.json is missing.');
    expect(await refusal(path.join(await temporaryFolder(), 'none'))).toBe('there is no such folder.');
  });

  test.each([
    ['an HTML error page', '<!doctype html><title>404</title>', /^model\.json is not valid JSON: /],
    ['invalid UTF-8', Buffer.from('{"format":"\xff"}', 'latin1'), /^model\.json is not valid JSON: /],
    ['a list', '[]', /^model\.json names no format; this version reads "oneflow-model\/1"\.$/],
    ['null', 'null', /^model\.json names no format; /],
    [
      'a later format',
      '{"format":"oneflow-model/2"}',
      /^model\.json has the unknown format "oneflow-model\/2"; /,
    ],
    [
      'nothing but the format',
      '{"format":"oneflow-model/1"}',
      /^model\.json, name: Invalid input: expected string/,
    ],
    [
      'a megabyte and more',
      ' '.repeat(1_000_001),
      /^model\.json is 1000001 bytes long, more than the 1000000 allowed/,
    ],
  ])('%s is refused', async (_, content, sentence) => {
    expect(await refusalAfter((folder) => writeFile(path.join(folder, 'model.json'), content))).toMatch(
      sentence,
    );
  });

  test.each<[name: string, edit: (manifest: ModelManifest) => void, sentence: string]>([
    ['a hash in capitals', (m) => (m.files[0]!.sha256 = 'A'.repeat(64)), 'model.json, files[0].sha256: '],
    [
      'a graph that is not listed',
      (m) => (m.graphs.encoder.file = 'other.onnx'),
      'model.json, graphs.encoder.file: ',
    ],
    ['too few means', (m) => m.image.latent.mean.pop(), 'model.json, image.latent.mean: must have 4 numbers'],
    [
      'a deviation of 0',
      (m) => (m.image.latent.deviation[2] = 0),
      'model.json, image.latent.deviation: must be above 0',
    ],
    [
      'a preview of 2 rows',
      (m) => m.image.preview.matrix.pop(),
      'model.json, image.preview.matrix: must have 3 rows',
    ],
    ['a short preview row', (m) => m.image.preview.matrix[1]!.pop(), 'model.json, image.preview.matrix[1]: '],
    ['a patch that does not fit', (m) => (m.image.patch = 3), 'model.json, image.patch: must divide'],
    [
      'a special id outside',
      (m) => (m.tokenizer.special.mask = 99),
      'model.json, tokenizer.special.mask: must be',
    ],
    ['a negative id', (m) => (m.tokenizer.special.bos = -1), 'model.json, tokenizer.special.bos: must be'],
    [
      'two special tokens in one',
      (m) => (m.tokenizer.special.bos = 2),
      'model.json, tokenizer.special: two of them',
    ],
    [
      'a style that is text',
      (m) => (m.image.styles[1]!.token = 100),
      'model.json, image.styles[1].token: must be',
    ],
    [
      'an unknown default style',
      (m) => (m.image.defaultStyle = 'oil'),
      'model.json, image.defaultStyle: there is no',
    ],
    [
      'an unknown default size',
      (m) => (m.image.defaultSize = 17),
      'model.json, image.defaultSize: must be one of',
    ],
    ['a huge size', (m) => m.image.sizes.push(100_000), 'model.json, image.sizes: every size'],
    [
      'no time frequencies',
      (m) => (m.timeFrequencies = []),
      'model.json, timeFrequencies: must not be empty',
    ],
    ['a probability above 1', (m) => (m.defaults.topP = 1.5), 'model.json, defaults.topP: must be'],
    ['no room for a picture', (m) => (m.contextLength = 4), 'model.json, contextLength: must leave room'],
  ])('%s is refused', async (_, edit, sentence) => {
    const actual = await refusalAfter((folder) =>
      editManifest(folder, (manifest) => {
        edit(manifest);
      }),
    );
    expect(actual.startsWith(sentence), actual).toBe(true);
  });
});

describe('graphs', () => {
  test.each([
    ['external-beside', /^encoder\.onnx cannot .*: it keeps weights in another file, so it is not whole\.$/],
    ['external-in-cwd', /^encoder\.onnx cannot .*: it keeps weights in another file, so it is not whole\.$/],
    [
      'external-in-attribute',
      /^encoder\.onnx cannot .*: it keeps weights in another file, so it is not whole\.$/,
    ],
    ['huge-dimension', /^encoder\.onnx cannot be loaded as an ONNX graph: /],
    ['negative-dimension', /^encoder\.onnx cannot be loaded as an ONNX graph: /],
    ['wrapping-dimensions', /^encoder\.onnx cannot be loaded as an ONNX graph: /],
    ['unknown-operator', /^encoder\.onnx cannot be loaded as an ONNX graph: /],
    ['unknown-opset', /^encoder\.onnx cannot be loaded as an ONNX graph: /],
    [
      'other-type',
      /^encoder\.onnx: the output "latent" is float64 \[.*\] where model\.json lists float32 \[.*\]\.$/,
    ],
    ['extra-output', /^encoder\.onnx: there is an output "secret" too many\.$/],
  ])('%s is refused', async (name, sentence) => {
    const folder = await copyOfTinyModel();
    await replaceFile(folder, 'weights.bin', new Uint8Array(4 * 4 * 3 * 16));
    await replaceFile(folder, 'encoder.onnx', await readFile(badGraph(name)));
    expect(await refusal(folder)).toMatch(sentence);
  });

  test.each([
    ['garbage', Buffer.from('not a graph at all')],
    ['nothing', Buffer.alloc(0)],
    ['a graph in ONNX Runtime’s own format', Buffer.from('\x18\0\0\0ORTM\0\0\0\0\x0e\0\x1c\0', 'latin1')],
    ['GGUF', Buffer.from('GGUF\x03\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1')],
    ['safetensors', Buffer.from('\x02\0\0\0\0\0\0\0{}', 'latin1')],
    ['a ZIP archive', Buffer.from('PK\x03\x04\x14\0\0\0\x08\0', 'latin1')],
    ['an HTML error page', Buffer.from('<!doctype html><title>404</title>')],
  ])('%s is refused', async (_, bytes) => {
    const sentence = await refusalAfter((folder) => replaceFile(folder, 'decoder.onnx', bytes));
    expect(sentence).toMatch(/^decoder\.onnx cannot be loaded as an ONNX graph: /);
  });

  test.each([10, 500, 970])('a graph that ends %i bytes before its end is refused', async (missing) => {
    const folder = await copyOfTinyModel();
    const whole = await readFile(path.join(folder, 'decoder.onnx'));
    await replaceFile(folder, 'decoder.onnx', whole.subarray(0, whole.length - missing));
    expect(await refusal(folder)).toMatch(/^decoder\.onnx(:| cannot be loaded as an ONNX graph:) /);
  });

  test('a graph with other inputs than listed is refused', async () => {
    const folder = await copyOfTinyModel();
    await replaceFile(folder, 'encoder.onnx', await readFile(path.join(folder, 'decoder.onnx')));
    expect(await refusal(folder)).toBe('encoder.onnx: there is no input "pixels".');
  });

  test('a graph of another shape than listed is refused', async () => {
    const sentence = await refusalAfter((folder) =>
      editManifest(folder, (manifest) => {
        // A whole manifest for 8×8 latents, around a graph that gives 4×4.
        manifest.image.latent.size = 8;
        for (const graph of [manifest.graphs.encoder.outputs, manifest.graphs.decoder.inputs]) {
          graph[0]!.shape = [1, 4, 8, 8];
        }
      }),
    );
    expect(sentence).toBe(
      'encoder.onnx: the output "latent" is float32 [1, 4, 4, 4] where model.json lists float32 [1, 4, 8, 8].',
    );
  });

  test.each<[name: string, edit: (manifest: ModelManifest) => void, sentence: string]>([
    [
      'of another name',
      ({ graphs }) => (graphs.denoiser.inputs[0]!.name = 'ids'),
      'model.json, graphs.denoiser.inputs: there is no input "tokens".',
    ],
    [
      'too many',
      ({ graphs }) => graphs.denoiser.outputs.push({ name: 'extra', type: 'float32', shape: [1] }),
      'model.json, graphs.denoiser.outputs: there is an output "extra" too many.',
    ],
    [
      'of another type',
      ({ graphs }) => (graphs.denoiser.inputs[0]!.type = 'float32'),
      'model.json, graphs.denoiser.inputs: "tokens" is float32 [rows, text] where this engine needs int64 [?, ?].',
    ],
    [
      'of a fixed size that must vary',
      ({ graphs }) => (graphs.denoiser.inputs[0]!.shape = [1, 'text']),
      'model.json, graphs.denoiser.inputs: "tokens" is int64 [1, text] where this engine needs int64 [?, ?].',
    ],
    [
      'for another vocabulary',
      ({ graphs }) =>
        (graphs.denoiser.outputs.find(({ name }) => name === 'gap_logits')!.shape = ['gaps', 300]),
      'model.json, graphs.denoiser.outputs: "gap_logits" is float32 [gaps, 300] where this engine needs float32 [?, 271].',
    ],
  ])('inputs or outputs %s are refused', async (_, edit, sentence) => {
    const actual = await refusalAfter((folder) =>
      editManifest(folder, (manifest) => {
        edit(manifest);
      }),
    );
    expect(actual).toBe(sentence);
  });

  test.each([NaN, Infinity, -Infinity])('weights of %d are refused', async (weight) => {
    const folder = await copyOfTinyModel();
    const bytes = await readFile(path.join(folder, 'denoiser.onnx'));
    const bias = Buffer.alloc(4);
    bias.writeFloatLE(0.31830987);
    const at = bytes.indexOf(bias);
    expect(at).toBeGreaterThan(0);
    bytes.writeFloatLE(weight, at);
    await replaceFile(folder, 'denoiser.onnx', bytes);
    expect(await refusal(folder)).toBe(
      'The model\'s denoiser gives numbers in "gap_empty_logits" that are not finite.',
    );
  });
});

describe('tokenizer', () => {
  test.each([
    ['no JSON', 'vocab.txt', /^tokenizer\.json is not a tokenizer that can be read: /],
    ['an empty object', '{}', /^tokenizer\.json (is not a tokenizer that can be read|holds no vocabulary)/],
  ])('%s is refused', async (_, content, sentence) => {
    const actual = await refusalAfter((folder) =>
      replaceFile(folder, 'tokenizer.json', Buffer.from(content)),
    );
    expect(actual).toMatch(sentence);
  });

  /** The refusal of the package whose tokenizer has one place of its text changed. */
  const refusalWith = async (place: string, text: string): Promise<string> => {
    const folder = await copyOfTinyModel();
    const json = await readFile(path.join(folder, 'tokenizer.json'), 'utf8');
    expect(json).toContain(place);
    await replaceFile(folder, 'tokenizer.json', Buffer.from(json.replace(place, () => text)));
    return refusal(folder);
  };

  test.each([
    [
      'outside the vocabulary',
      '"Ġa": 4711',
      'gives the token "Ġa" the id 4711, outside the vocabulary of 271',
    ],
    ['that is no integer', '"Ġa": 0.5', 'is not a tokenizer that can be read: '],
    ['that another token has', '"Ġa": 269', 'gives no token the id 270'],
    ['under the name of the prototype', '"__proto__": 270', 'gives no token the id 270'],
  ])('an id %s is refused', async (_, entry, problem) => {
    expect(await refusalWith('"Ġa": 270', entry)).toContain(`tokenizer.json ${problem}`);
  });

  test('a vocabulary of fewer tokens than model.json says is refused', async () => {
    const sentence = await refusalAfter((folder) =>
      editManifest(folder, (manifest) => {
        manifest.tokenizer.vocabularySize = 300;
      }),
    );
    expect(sentence).toBe('tokenizer.json gives no token the id 271.');
  });

  test('a pattern that could take forever is refused and never run', async () => {
    const preTokenizer = {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: '([\\s\\S]+)+\u0000$' }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
      ],
    };
    const folder = await copyOfTinyModel();
    const json = JSON.parse(await readFile(path.join(folder, 'tokenizer.json'), 'utf8')) as object;
    const changed = JSON.stringify({ ...json, pre_tokenizer: preTokenizer });
    await replaceFile(folder, 'tokenizer.json', Buffer.from(changed));
    expect(await refusal(folder)).toMatch(
      /^tokenizer\.json .*: pre_tokenizer is missing or not of that kind\.$/,
    );
  });

  test('names of prototypes in it change nothing outside it', async () => {
    const pollution =
      '"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}, "model"';
    const folder = await copyOfTinyModel();
    const json = await readFile(path.join(folder, 'tokenizer.json'), 'utf8');
    await replaceFile(folder, 'tokenizer.json', Buffer.from(json.replace('"model"', pollution)));
    const model = await loadEngineModel(folder, 1);
    await model.dispose();
    expect({}).not.toHaveProperty('polluted');
  });

  test('a file nested a million deep is refused', async () => {
    const deep = `{"model":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    const actual = await refusalAfter((folder) => replaceFile(folder, 'tokenizer.json', Buffer.from(deep)));
    expect(actual).toMatch(/^tokenizer\.json is not a tokenizer that can be read: /);
  });

  test('a file of more than 64 megabytes is refused before it is read', async () => {
    const sentence = await refusalAfter((folder) =>
      editManifest(folder, (manifest) => {
        manifest.files.find((file) => file.path === 'tokenizer.json')!.bytes = 2 ** 26 + 1;
      }),
    );
    expect(sentence).toBe(
      'model.json, tokenizer.file: tokenizer.json is 67108865 bytes long, more than the 67108864 allowed.',
    );
  });
});
