import { type Mask, maskOfSegment } from '../core/document/index.js';
import type { CliRefine } from '../protocol/cli-output.js';
import type { LoadedModel, RefineRequest, RefineResult } from '../protocol/engine-messages.js';
import type { PlacedChange } from './changes.js';
import type { PlacedPicture } from './picture-files.js';

/** A finished run. */
export interface RefinedDocument {
  /** The masks that were to be refined, in document order. */
  readonly masks: readonly Mask[];
  readonly request: RefineRequest;
  readonly model: LoadedModel;
  readonly result: RefineResult;
  readonly placed: readonly PlacedPicture[];
  /** The refined document, and where in it the results stand. */
  readonly text: string;
  readonly changes: readonly PlacedChange[];
}

/** What `refine --json` prints. Paths are as the author typed them. */
export function refineReport(
  input: string,
  output: string,
  refined: RefinedDocument,
  warnings: readonly string[],
): CliRefine {
  const { request, model, result } = refined;
  return {
    format: 'oneflow-refine/1',
    input,
    output,
    interrupted: result.interrupted,
    model: { name: model.name, version: model.version, sha256: model.sha256 },
    device: result.device,
    seed: request.seed,
    steps: result.steps,
    forwardPasses: result.forwardPasses,
    seconds: { load: model.loadSeconds, ...result.seconds },
    masks: maskReports(refined),
    warnings: [...warnings],
  };
}

function maskReports({ masks, result, placed, text, changes }: RefinedDocument): CliRefine['masks'] {
  const pictures = new Map(placed.map((picture) => [picture.picture.id, picture]));
  const changeOf = new Map(changes.map((change) => [change.maskId, change]));
  const tokens = new Map<string, number>();
  for (const span of result.spans) {
    const maskId = maskOfSegment(span.id);
    tokens.set(maskId, (tokens.get(maskId) ?? 0) + span.tokens);
  }
  return masks.flatMap(({ id, kind, line, column, before }): CliRefine['masks'] => {
    const place = { line, column, before };
    if (kind === 'image') {
      const drawn = pictures.get(id);
      if (drawn === undefined) return [];
      const { width, height } = drawn.picture;
      return [{ id, kind, ...place, file: drawn.place.file, width, height }];
    }
    const change = changeOf.get(id);
    if (change === undefined) return [];
    // The line end of an own-line mark belongs to what is replaced, not to what was written.
    const written = text.slice(change.start, change.end);
    const after = change.block ? written.replace(/(\r\n|\n|\r)$/, '') : written;
    return [{ id, kind, ...place, after, tokens: tokens.get(id) ?? 0 }];
  });
}
