import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import {
  applyResults,
  checkModelOptions,
  type MarkedDocument,
  type Mask,
  type Results,
  type SegmentResult,
  toSegments,
} from '../core/document/index.js';
import { relativeFilePath } from '../core/render/links.js';
import type { LoadedModel, RefineRequest, RefineResult } from '../protocol/engine-messages.js';
import type { RefineCommand } from './arguments.js';
import { emptyMasks, type PlacedChange, placeChanges } from './changes.js';
import { documentFailure, placedFailure, readDocument, warningLine } from './document.js';
import { CliFailure, exitCodes } from './failure.js';
import { watchInterrupts } from './interrupts.js';
import { type Output, withoutNotes } from './output.js';
import { type OutputFile, writePlan } from './output-files.js';
import { createPictureNamer, type PlacedPicture, picturesOf } from './picture-files.js';
import { previewPage } from './preview-page.js';
import { refineReport } from './refine-report.js';
import { runOnEngine } from './refine-run.js';
import { chooseTargets, type Targets } from './refine-targets.js';
import { warnOfBrokenLinks } from './relative-links.js';
import { isFile, readSource } from './source-file.js';

const leftNothing = 'The model left no words here; write some, or run it again with another --seed.';

/**
 * Refines a document and writes what came of it. All that can be checked without the model is checked before it is
 * loaded. Returns the exit code: an interrupted run that had an estimate has written it.
 */
export async function refine(command: RefineCommand, output: Output): Promise<number> {
  const document = readDocument(command.input);
  const masks = chooseMasks(document, command);
  const targets = chooseTargets(
    command,
    masks.some(({ kind }) => kind === 'image'),
  );
  const { request, warnings } = makeRequest(document, masks, targets, command);

  const notes = command.quiet ? withoutNotes(output) : output;
  const interrupts = watchInterrupts(notes);
  try {
    const { model, result } = await runOnEngine(command, request, notes, interrupts.signal, (loaded) => {
      const error = checkModelOptions(document, loaded);
      if (error) throw documentFailure(command.input, error);
    }).catch((error: unknown) => {
      throw placedFailure(command.input, masks, error);
    });
    const { placed, text, changes } = writePlan((taken) => {
      const pictures = placePictures(document, masks, result, targets, command.force, taken);
      return planOutput(document, result, pictures, targets, command.force);
    }, command.input);

    const refined = { masks, request, model, result, placed, text, changes };
    const report = refineReport(command.input, targets.output, refined, [
      ...warnings,
      ...deviceWarnings(command, model),
      ...result.warnings,
      ...emptyMasks(document, text, changes).map(({ line, column }) =>
        warningLine(command.input, { line, column, message: leftNothing }),
      ),
      ...warnOfBrokenLinks(text, targets),
    ]);
    for (const warning of report.warnings) notes.note(`warning: ${warning}`);
    if (result.interrupted) notes.note('Interrupted: the estimate of the last pass was written.');
    output.result(command.json ? JSON.stringify(report) : targets.output);
    return result.interrupted ? exitCodes.interrupted : exitCodes.done;
  } finally {
    interrupts.dispose();
  }
}

/** The masks that this run is about. */
function chooseMasks(document: MarkedDocument, { input, only }: RefineCommand): readonly Mask[] {
  const masks = document.masks.filter(
    ({ kind }) => only === undefined || (kind === 'text') === (only === 'text'),
  );
  if (masks.length > 0) return masks;
  throw new CliFailure(
    'no-marks',
    document.masks.length === 0
      ? `${input} has no marks: put <!--mask--> and <!--/mask--> around the text to refine, or write ![what to draw](mask:).`
      : `${input} has no marked ${only === 'text' ? 'text' : 'pictures'}; leave out --only ${only}.`,
  );
}

function makeRequest(
  document: MarkedDocument,
  masks: readonly Mask[],
  { inputDirectory }: Targets,
  { input, seed, steps, strength, guidance, mode }: RefineCommand,
): { readonly request: RefineRequest; readonly warnings: readonly string[] } {
  const chosen = new Set(masks);
  const { segments, warnings } = toSegments(document, {
    include: (mask) => chosen.has(mask),
    ...(strength !== undefined && { strength }),
    resolvePicture: (destination) => {
      const path = relativeFilePath(destination);
      const file = path && join(inputDirectory, path);
      return file && isFile(file) ? file : undefined;
    },
  });
  const request: RefineRequest = {
    segments: [...segments],
    seed: seed ?? randomBytes(4).readUInt32LE(),
    ...(steps !== undefined && { steps }),
    ...(mode !== undefined && { mode }),
    ...(guidance !== undefined && { guidance }),
  };
  return {
    request,
    warnings: [...document.warnings, ...warnings].map((warning) => warningLine(input, warning)),
  };
}

/** A GPU that was asked for by name and is not used: that is more than a note. */
function deviceWarnings({ device }: RefineCommand, { deviceNote }: LoadedModel): readonly string[] {
  return device === 'auto' || deviceNote === undefined ? [] : [deviceNote];
}

function placePictures(
  document: MarkedDocument,
  masks: readonly Mask[],
  result: RefineResult,
  { imagesDirectory, inputDirectory, outputDirectory, outputPath, htmlPath }: Targets,
  force: boolean,
  taken: ReadonlySet<string>,
): readonly PlacedPicture[] {
  const alts = new Map(masks.map(({ id, alt }) => [id, alt ?? '']));
  const nextPlace = createPictureNamer({
    directory: imagesDirectory,
    outputDirectory,
    inUse: new Set([
      // With -o elsewhere those of the input are others, and they are the author's.
      ...picturesOf(document.source, outputDirectory, inputDirectory),
      outputPath,
      ...(htmlPath === undefined ? [] : [htmlPath]),
      ...taken,
    ]),
    replaceable: force ? earlierPictures(outputPath) : new Set(),
  });
  return result.pictures.map((picture) => ({ picture, place: nextPlace(alts.get(picture.id) ?? '') }));
}

/** The pictures that the output as it is shows; other documents may have theirs in the same folder. */
function earlierPictures(outputPath: string): ReadonlySet<string> {
  try {
    return picturesOf(readSource(outputPath), dirname(outputPath));
  } catch {
    return new Set(); // there is none, or it is no document
  }
}

function toResults(result: RefineResult, placed: readonly PlacedPicture[]): Results {
  return new Map<string, SegmentResult>([
    ...result.spans.map(({ id, text }) => [id, { text }] as const),
    ...placed.map(({ picture, place }) => [picture.id, { destination: place.destination }] as const),
  ]);
}

/** The refined document, what has changed in it, and the files to write. */
function planOutput(
  document: MarkedDocument,
  result: RefineResult,
  placed: readonly PlacedPicture[],
  targets: Targets,
  force: boolean,
) {
  const results = toResults(result, placed);
  const text = applyResults(document, results);
  const changes = placeChanges(document, results);
  return { placed, text, changes, files: outputFiles(text, changes, placed, targets, force) };
}

/** The pictures first: a document that is there never shows a picture that is not. */
function outputFiles(
  text: string,
  changes: readonly PlacedChange[],
  placed: readonly PlacedPicture[],
  { outputPath, outputDirectory, htmlPath }: Targets,
  force: boolean,
): readonly OutputFile[] {
  const pictures = placed.map(({ picture, place }) => ({
    path: place.path,
    bytes: picture.png,
    replace: place.replace,
    renamable: true as const,
  }));
  const files: OutputFile[] = [...pictures, { path: outputPath, bytes: Buffer.from(text), replace: force }];
  if (htmlPath !== undefined) {
    const page = previewPage({
      title: basename(outputPath),
      markdown: text,
      directory: outputDirectory,
      newPictures: new Map(pictures.map(({ path, bytes }) => [path, bytes])),
      // A picture is seen to be new; its destination is no text.
      highlights: changes.filter(({ kind }) => kind === 'text'),
    });
    files.push({ path: htmlPath, bytes: Buffer.from(page), replace: force });
  }
  return files;
}
