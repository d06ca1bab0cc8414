/** From the bytes of model.json to a manifest whose parts fit each other. */
import * as z from 'zod/mini';
import { en } from 'zod/locales';
import { isWithin, limits } from '../protocol/limits.js';
import { type ModelManifest, modelManifestSchema } from '../protocol/model-package.js';
import { badModel, firstLine } from './errors.js';
import { checkFileList } from './package-files.js';

const maxTokenizerBytes = 64 * 1024 ** 2;
const supportedFormat = 'oneflow-model/1';
const { localeError } = en();

/**
 * Parses and checks model.json.
 * @throws HostError `bad-model` that names the field
 */
export function parseManifest(bytes: Uint8Array): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw badModel(`model.json is not valid JSON: ${firstLine(error)}`);
  }
  const format = formatOf(json);
  if (format !== supportedFormat) {
    const found =
      format === undefined ? 'names no format' : `has the unknown format ${JSON.stringify(format)}`;
    throw badModel(`model.json ${found}; this version reads "${supportedFormat}"`);
  }
  const parsed = z.safeParse(modelManifestSchema, json, { error: localeError });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw badModel(`model.json, ${fieldName(issue.path)}: ${issue.message}`);
  }
  checkManifest(parsed.data);
  return parsed.data;
}

function formatOf(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined;
}

/** `['files', 0, 'bytes']` as an author reads it: `files[0].bytes`. */
function fieldName(parts: readonly PropertyKey[]): string {
  if (parts.length === 0) return 'top level';
  return parts
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part.toString()}`,
    )
    .join('');
}

/** What the schema cannot say: lengths that depend on each other, ids within the vocabulary, files that are listed. */
function checkManifest(manifest: ModelManifest): void {
  const demand = (holds: boolean, field: string, problem: string): void => {
    if (!holds) throw badModel(`model.json, ${field}: ${problem}`);
  };
  checkFileList(manifest.files);
  checkReferredFiles(manifest, demand);
  checkTokens(manifest, demand);
  checkImage(manifest, demand);

  demand(manifest.timeFrequencies.length > 0, 'timeFrequencies', 'must not be empty');
  const { defaults } = manifest;
  const { steps, guidance } = limits;
  demand(defaults.steps <= steps.maximum, 'defaults.steps', `must be at most ${steps.maximum}`);
  for (const kind of ['text', 'image'] as const) {
    demand(
      isWithin(defaults.guidance[kind], guidance),
      `defaults.guidance.${kind}`,
      `must be between ${guidance.minimum} and ${guidance.maximum}`,
    );
  }
  demand(defaults.temperature > 0, 'defaults.temperature', 'must be above 0');
  demand(defaults.topP > 0 && defaults.topP <= 1, 'defaults.topP', 'must be above 0 and at most 1');
  demand(manifest.reference.tolerance > 0, 'reference.tolerance', 'must be above 0');
}

type Demand = (holds: boolean, field: string, problem: string) => void;

function checkReferredFiles(manifest: ModelManifest, demand: Demand): void {
  const listed = new Set(manifest.files.map((file) => file.path));
  const { denoiser, encoder, decoder } = manifest.graphs;
  for (const [field, file] of [
    ['tokenizer.file', manifest.tokenizer.file],
    ['graphs.denoiser.file', denoiser.file],
    ['graphs.encoder.file', encoder.file],
    ['graphs.decoder.file', decoder.file],
    ['reference.file', manifest.reference.file],
  ] as const) {
    demand(listed.has(file), field, `the file "${file}" is not in the list of files`);
  }
  // Read as text and parsed: it takes many times its length.
  const { path, bytes } = manifest.files.find((file) => file.path === manifest.tokenizer.file)!;
  demand(
    bytes <= maxTokenizerBytes,
    'tokenizer.file',
    `${path} is ${bytes} bytes long, more than the ${maxTokenizerBytes} allowed`,
  );
}

function checkTokens(manifest: ModelManifest, demand: Demand): void {
  const { vocabularySize, special, firstTextToken } = manifest.tokenizer;
  demand(
    firstTextToken > 0 && firstTextToken < vocabularySize,
    'tokenizer.firstTextToken',
    `must be above 0 and below the vocabulary size ${vocabularySize}`,
  );
  const reserved = `must be a special token: between 0 and ${firstTextToken - 1}`;
  const isSpecial = (id: number): boolean => id >= 0 && id < firstTextToken;
  for (const [name, id] of Object.entries(special)) {
    demand(isSpecial(id), `tokenizer.special.${name}`, reserved);
  }
  demand(
    new Set(Object.values(special)).size === Object.keys(special).length,
    'tokenizer.special',
    'two of them have the same id',
  );
  manifest.image.styles.forEach((style, index) => {
    demand(isSpecial(style.token), `image.styles[${index}].token`, reserved);
  });
}

function checkImage(manifest: ModelManifest, demand: Demand): void {
  const { latent, patch, preview, styles, defaultStyle, sizes, defaultSize } = manifest.image;
  const perChannel = `must have ${latent.channels} numbers, one per latent channel`;
  demand(latent.mean.length === latent.channels, 'image.latent.mean', perChannel);
  demand(latent.deviation.length === latent.channels, 'image.latent.deviation', perChannel);
  demand(
    latent.deviation.every((value) => value > 0),
    'image.latent.deviation',
    'must be above 0',
  );
  demand(manifest.image.size <= 4096, 'image.size', 'must be at most 4096');
  demand(latent.size <= manifest.image.size, 'image.latent.size', 'must not be larger than image.size');
  demand(
    latent.size % patch === 0,
    'image.patch',
    `must divide the latent grid's edge of ${latent.size} cells`,
  );
  demand(
    (latent.size / patch) ** 2 < manifest.contextLength,
    'contextLength',
    'must leave room for a picture',
  );
  demand(preview.matrix.length === 3, 'image.preview.matrix', 'must have 3 rows: red, green and blue');
  preview.matrix.forEach((row, index) => {
    demand(row.length === latent.channels, `image.preview.matrix[${index}]`, perChannel);
  });
  demand(preview.offset.length === 3, 'image.preview.offset', 'must have 3 numbers');
  const names = styles.map((style) => style.name);
  demand(new Set(names).size === names.length, 'image.styles', 'two of them have the same name');
  demand(
    defaultStyle === null || names.includes(defaultStyle),
    'image.defaultStyle',
    `there is no style called "${defaultStyle}"`,
  );
  demand(
    sizes.every((size) => isWithin(size, limits.imageSize)),
    'image.sizes',
    `every size must be between ${limits.imageSize.minimum} and ${limits.imageSize.maximum}`,
  );
  demand(sizes.includes(defaultSize), 'image.defaultSize', 'must be one of image.sizes');
}
