import { Disposable } from 'vscode';
import type { Services } from '../services.js';
import { provideMarkCompletion } from './mark-completion.js';
import { decorateMarks } from './mark-decorations.js';
import { diagnoseMarks } from './mark-diagnostics.js';
import { provideMarkFixes } from './mark-fixes.js';
import { provideMarkHovers } from './mark-hover.js';
import { provideMarkLenses } from './mark-lenses.js';

/** Everything that shows marks in the text editor and helps to write them. */
export function showMarks({ analyses, engine, reviews, worker }: Services): Disposable {
  return Disposable.from(
    decorateMarks(analyses, reviews),
    provideMarkLenses(analyses, reviews),
    provideMarkHovers(analyses),
    provideMarkCompletion(worker, engine),
    diagnoseMarks(analyses),
    provideMarkFixes(worker),
  );
}
