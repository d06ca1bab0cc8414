/** A model package brought to life: sessions, tokenizer, and what the package says about itself. */
import { performance } from 'node:perf_hooks';
import * as z from 'zod/mini';
import type { Denoiser } from '../core/flow/denoiser.js';
import { createTokenizer, type TextTokenizer } from '../core/text/tokenizer.js';
import type { LoadedModel } from '../protocol/engine-messages.js';
import type { ModelManifest } from '../protocol/model-package.js';
import {
  decoderContract,
  encoderContract,
  onnxAutoencoder,
  patchLayout,
  type Autoencoder,
} from './autoencoder.js';
import { denoiserContract, onnxDenoiser, type DenoiserSizes } from './denoiser/onnx.js';
import { badModel, firstLine, HostError } from './errors.js';
import { Graph } from './graph.js';
import { readModelPackage, type ModelPackage } from './model-package.js';

export type GraphName = 'denoiser' | 'encoder' | 'decoder';
type Graphs = Readonly<Record<GraphName, Graph>>;

export interface EngineModel {
  readonly manifest: ModelManifest;
  readonly info: LoadedModel;
  readonly tokenizer: TextTokenizer;
  /** Tokens that break the line: none of them may stand in an inline span. */
  readonly lineBreaks: ReadonlySet<number>;
  readonly denoiser: Denoiser;
  readonly autoencoder: Autoencoder;
  readonly graphs: Graphs;
  /** The package's recorded inputs and outputs, as the file's bytes. */
  readonly reference: Uint8Array;
  /** Releases the sessions; the model must not be used any more. */
  readonly dispose: () => Promise<void>;
}

/**
 * Loads a package folder on the CPU. Either everything loads, or nothing stays behind.
 * @param threads threads of one session, from 1
 * @throws HostError `bad-model`
 */
export async function loadEngineModel(directory: string, threads: number): Promise<EngineModel> {
  try {
    return await load(directory, threads);
  } catch (error) {
    // A graph that fails on the trial input is the package's fault, like a wrong file.
    if (!(error instanceof HostError)) throw error;
    throw badModel(`The model package ${directory} cannot be used: ${error.message.replace(/\.$/, '')}.`);
  }
}

async function load(directory: string, threads: number): Promise<EngineModel> {
  const started = performance.now();
  const pack = await readModelPackage(directory);
  const { manifest } = pack;
  const tokenizer = loadTokenizer(pack);
  const graphs = await loadGraphs(pack, threads);
  const denoiser = onnxDenoiser(graphs.denoiser, denoiserSizes(manifest));
  const autoencoder = onnxAutoencoder(graphs.encoder, graphs.decoder, manifest.image);
  try {
    await tryOut(manifest, denoiser, autoencoder);
  } catch (error) {
    await disposeAll(graphs);
    throw error;
  }
  return {
    manifest,
    info: describe(pack, (performance.now() - started) / 1000),
    tokenizer,
    lineBreaks: lineBreakTokens(manifest, tokenizer),
    denoiser,
    autoencoder,
    graphs,
    reference: pack.files.get(manifest.reference.file)!,
    dispose: () => disposeAll(graphs),
  };
}

function lineBreakTokens(
  { tokenizer: { firstTextToken, vocabularySize } }: ModelManifest,
  tokenizer: TextTokenizer,
) {
  const ids = Array.from({ length: vocabularySize - firstTextToken }, (_, index) => firstTextToken + index);
  return new Set(ids.filter((id) => tokenizer.decode([id]).includes('\n')));
}

async function loadGraphs({ manifest, files }: ModelPackage, threads: number): Promise<Graphs> {
  const contracts = {
    denoiser: denoiserContract(denoiserSizes(manifest)),
    encoder: encoderContract(manifest.image),
    decoder: decoderContract(manifest.image),
  };
  const loaded: Partial<Record<GraphName, Graph>> = {};
  const loadGraph = async (name: GraphName): Promise<Graph> => {
    const graph = manifest.graphs[name];
    // The autoencoder runs now and then on large grids: its memory is given back after each run.
    const options = { name, threads, keepMemory: name === 'denoiser' };
    return (loaded[name] = await Graph.load(files.get(graph.file)!, graph, contracts[name], options));
  };
  try {
    // One after the other: never two sessions at work at once.
    return {
      denoiser: await loadGraph('denoiser'),
      encoder: await loadGraph('encoder'),
      decoder: await loadGraph('decoder'),
    };
  } catch (error) {
    await disposeAll(loaded);
    throw error;
  }
}

async function disposeAll(graphs: Partial<Graphs>): Promise<void> {
  for (const graph of Object.values(graphs)) await graph.dispose();
}

function denoiserSizes({ tokenizer, image, timeFrequencies }: ModelManifest): DenoiserSizes {
  return {
    vocabularySize: tokenizer.vocabularySize,
    patchSize: image.latent.channels * image.patch ** 2,
    timeFrequencies,
  };
}

function describe({ manifest, sha256 }: ModelPackage, loadSeconds: number): LoadedModel {
  return {
    name: manifest.name,
    version: manifest.version,
    sha256,
    device: 'cpu',
    loadSeconds,
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
async function tryOut(manifest: ModelManifest, denoiser: Denoiser, autoencoder: Autoencoder): Promise<void> {
  const { size } = manifest.image;
  const latents = await autoencoder.encode(new Float32Array(3 * size * size).fill(0.5));
  await autoencoder.decode(latents);

  const { bos, mask, image } = manifest.tokenizer.special;
  const { channels, size: edge, patch } = patchLayout(manifest.image);
  const patchesPerEdge = edge / patch;
  const patchLength = patchesPerEdge ** 2;
  const patchPositions = new BigInt64Array(patchLength * 3);
  for (let index = 0; index < patchLength; index += 1) {
    const row = Math.floor(index / patchesPerEdge) + 1;
    const column = (index % patchesPerEdge) + 1;
    patchPositions.set([2n, BigInt(row), BigInt(column)], index * 3);
  }
  await denoiser.run({
    rows: 1,
    textLength: 3,
    patchLength,
    patchSize: channels * patch ** 2,
    tokens: BigInt64Array.of(BigInt(bos), BigInt(mask), BigInt(image)),
    tokenPositions: BigInt64Array.of(0n, 1n, 2n),
    tokenSequences: new BigInt64Array(3),
    tokenOpen: BigInt64Array.of(1n, 0n, 0n),
    patches: latents,
    patchPositions,
    patchSequences: new BigInt64Array(patchLength),
    patchTimes: new Float32Array(patchLength).fill(0.5),
    gapRows: BigInt64Array.of(0n),
    maskRows: BigInt64Array.of(1n),
  });
}
