/** The three graphs of a package, and what runs on them. */
import type { Denoiser } from '../core/flow/denoiser.js';
import type { Provider } from '../protocol/devices.js';
import type { ModelManifest } from '../protocol/model-package.js';
import { decoderContract, encoderContract, onnxAutoencoder, type Autoencoder } from './autoencoder.js';
import { denoiserContract, onnxDenoiser, type DenoiserSizes } from './denoiser/onnx.js';
import { Graph, type RunnableGraph } from './graph.js';
import type { ModelPackage } from './model-package.js';

export type GraphName = 'denoiser' | 'encoder' | 'decoder';
export type Graphs = Readonly<Record<GraphName, RunnableGraph>>;

/** Makes a session for a graph of the package. */
export type GraphLoader = (name: GraphName, provider: Provider) => Promise<Graph>;

/** @param threads threads of one session, from 1 */
export function graphLoader({ manifest, files }: ModelPackage, threads: number): GraphLoader {
  const contracts = {
    denoiser: denoiserContract(denoiserSizes(manifest)),
    encoder: encoderContract(manifest.image),
    decoder: decoderContract(manifest.image),
  };
  return (name, provider) => {
    const graph = manifest.graphs[name];
    // The autoencoder runs now and then on large grids: its memory is given back after each run.
    const options = { name, provider, threads, keepMemory: name === 'denoiser' };
    return Graph.load(files.get(graph.file)!, graph, contracts[name], options);
  };
}

/** Loads all graphs, or none: what was loaded when one fails is released. */
export async function loadGraphs(load: (name: GraphName) => Promise<RunnableGraph>): Promise<Graphs> {
  const loaded: Partial<Record<GraphName, RunnableGraph>> = {};
  const add = async (name: GraphName): Promise<RunnableGraph> => (loaded[name] = await load(name));
  try {
    // One after the other: never two sessions at work at once.
    return {
      denoiser: await add('denoiser'),
      encoder: await add('encoder'),
      decoder: await add('decoder'),
    };
  } catch (error) {
    await disposeGraphs(loaded);
    throw error;
  }
}

export async function disposeGraphs(graphs: Partial<Graphs>): Promise<void> {
  for (const graph of Object.values(graphs)) await graph.dispose();
}

export interface Networks {
  readonly denoiser: Denoiser;
  readonly autoencoder: Autoencoder;
}

export function networksOf(manifest: ModelManifest, graphs: Graphs): Networks {
  return {
    denoiser: denoiserOf(manifest, graphs.denoiser),
    autoencoder: onnxAutoencoder(graphs.encoder, graphs.decoder, manifest.image),
  };
}

export function denoiserOf(manifest: ModelManifest, graph: RunnableGraph): Denoiser {
  return onnxDenoiser(graph, denoiserSizes(manifest));
}

function denoiserSizes({ tokenizer, image, timeFrequencies }: ModelManifest): DenoiserSizes {
  return {
    vocabularySize: tokenizer.vocabularySize,
    patchSize: image.latent.channels * image.patch ** 2,
    timeFrequencies,
  };
}
