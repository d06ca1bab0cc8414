import type { Mask } from '../core/document/index.js';
import type { CliInspect } from '../protocol/cli-output.js';
import type { InspectCommand } from './arguments.js';
import { readDocument, warningLine } from './document.js';
import { type Output, printable } from './output.js';
import { table } from './table.js';

/** Lists the marks of a document. */
export function inspect({ input, json }: InspectCommand, output: Output): void {
  const { masks, warnings } = readDocument(input);
  for (const warning of warnings) output.note(`warning: ${warningLine(input, warning)}`);
  if (json) {
    const report: CliInspect = {
      format: 'oneflow-inspect/1',
      input,
      masks: masks.map(({ id, kind, form, line, column, before, alt, options }) => ({
        id,
        kind,
        form,
        line,
        column,
        before,
        ...(alt !== undefined && { alt }),
        options: Object.fromEntries(Object.entries(options)),
      })),
      warnings: warnings.map(({ code, message, line, column }) => ({ code, message, line, column })),
    };
    output.result(JSON.stringify(report));
    return;
  }
  if (masks.length === 0) {
    output.result(`${printable(input)} has no marks.`);
    return;
  }
  const header = ['id', 'place', 'kind', 'form', 'options', 'before'];
  for (const line of table([header, ...masks.map(row)])) output.result(line);
}

function row(mask: Mask): readonly string[] {
  const options = Object.entries(mask.options).map(([name, value]) => `${name}=${value}`);
  const before = mask.kind === 'image' ? `![${mask.alt ?? ''}](${mask.before || 'mask:'})` : mask.before;
  return [
    mask.id,
    `${mask.line}:${mask.column}`,
    mask.kind,
    mask.form,
    options.join(' ') || '-',
    shorten(before) || '(empty)',
  ];
}

function shorten(text: string): string {
  const line = printable(text.replaceAll(/\s+/g, ' ').trim());
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
