/** A model package brought to life: sessions, tokenizer, and what the package says about itself. */
import * as z from 'zod/mini';
import { createTokenizer, rememberTexts, type TextTokenizer } from '../core/text/tokenizer.js';
import type { LoadedModel } from '../protocol/engine-messages.js';
import type { ModelManifest } from '../protocol/model-package.js';
import { FallbackGraph } from './device/fallback-graph.js';
import { ModelDevice } from './device/model-device.js';
import { badModel, firstLine, HostError } from './errors.js';
import { excludedTokens, type ExcludedTokens } from './excluded-tokens.js';
import {
  disposeGraphs,
  graphLoader,
  loadGraphs,
  networksOf,
  type Graphs,
  type Networks,
} from './model-graphs.js';
import { readModelPackage, type ModelPackage } from './model-package.js';
import { trialBatch, trialPicture } from './trial.js';

/** What the package says about itself. */
export type ModelInfo = Omit<LoadedModel, 'device' | 'deviceNote' | 'threads' | 'loadSeconds'>;

export interface EngineModel extends Networks {
  readonly manifest: ModelManifest;
  readonly info: ModelInfo;
  readonly tokenizer: TextTokenizer;
  readonly excluded: ExcludedTokens;
  /** Where the graphs run: the CPU from the moment that a GPU fails. */
  readonly device: ModelDevice;
  readonly graphs: Graphs;
  /** The package's recorded inputs and outputs, as the file's bytes. */
  readonly reference: Uint8Array;
  /** Releases the sessions; the model must not be used any more. */
  readonly dispose: () => Promise<void>;
}

/**
 * Loads a package folder. Either everything loads, or nothing stays behind. A GPU that fails, now or in a run, is no
 * reason to fail: `device` then is the CPU, and everything goes on there.
 * @param threads threads of one session, from 1
 * @throws HostError `bad-model`
 */
export async function loadEngineModel(
  directory: string,
  threads: number,
  device = new ModelDevice('cpu'),
): Promise<EngineModel> {
  try {
    return await load(directory, threads, device);
  } catch (error) {
    // A graph that fails on the trial input is the package's fault, like a wrong file.
    if (!(error instanceof HostError)) throw error;
    throw badModel(`The model package ${directory} cannot be used: ${error.message.replace(/\.$/, '')}.`);
  }
}

async function load(directory: string, threads: number, device: ModelDevice): Promise<EngineModel> {
  const pack = await readModelPackage(directory);
  const { manifest } = pack;
  const tokenizer = rememberTexts(loadTokenizer(pack));
  const loadGraph = graphLoader(pack, threads);
  // On the CPU nothing keeps the files' bytes once the sessions are made.
  const graphs = await loadGraphs((name) =>
    device.current === 'cpu'
      ? loadGraph(name, 'cpu')
      : FallbackGraph.load(device, (provider) => loadGraph(name, provider)),
  );
  const networks = networksOf(manifest, graphs);
  try {
    await tryOut(manifest, networks);
  } catch (error) {
    await disposeGraphs(graphs);
    throw error;
  }
  return {
    ...networks,
    manifest,
    info: describe(pack),
    tokenizer,
    excluded: excludedTokens(manifest.tokenizer, tokenizer),
    device,
    graphs,
    reference: pack.files.get(manifest.reference.file)!,
    dispose: () => disposeGraphs(graphs),
  };
}

function describe({ manifest, sha256 }: ModelPackage): ModelInfo {
  return {
    name: manifest.name,
    version: manifest.version,
    sha256,
    styles: manifest.image.styles.map((style) => style.name),
    sizes: manifest.image.sizes,
    defaults: { steps: manifest.defaults.steps, guidance: manifest.defaults.guidance },
  };
}

const vocabularySchema = z.object({ model: z.object({ vocab: z.record(z.string(), z.int()) }) });

function loadTokenizer({ manifest, files }: ModelPackage): TextTokenizer {
  const { file, vocabularySize, firstTextToken } = manifest.tokenizer;
  let json: unknown;
  let tokenizer: TextTokenizer;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(files.get(file)));
    tokenizer = createTokenizer(json);
  } catch (error) {
    throw badModel(`${file} is not a tokenizer that can be read: ${firstLine(error)}`);
  }
  const parsed = z.safeParse(vocabularySchema, json);
  if (!parsed.success) throw badModel(`${file} holds no vocabulary (model.vocab)`);
  const outside = Object.entries(parsed.data.model.vocab).find(([, id]) => id < 0 || id >= vocabularySize);
  if (outside !== undefined) {
    throw badModel(
      `${file} gives the token ${JSON.stringify(outside[0])} the id ${outside[1]}, outside the vocabulary of ${vocabularySize}`,
    );
  }
  // A name that its reader drops, like that of an object's prototype, would leave a token without text.
  const ids = new Set(Object.values(parsed.data.model.vocab));
  for (let id = firstTextToken; id < vocabularySize; id += 1) {
    if (!ids.has(id)) throw badModel(`${file} gives no token the id ${id}`);
  }
  return tokenizer;
}

/** Runs every graph once on a small input, so that broken weights are found before an author's document is. */
async function tryOut(manifest: ModelManifest, { denoiser, autoencoder }: Networks): Promise<void> {
  await autoencoder.decode(await autoencoder.encode(trialPicture(manifest)));
  await denoiser.run(trialBatch(manifest, { rows: 1, textLength: 4 }));
}
