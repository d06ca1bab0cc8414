// Collects what the extension says to its users into l10n/bundle.l10n.json, for translators: npm run l10n
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { root } from './run.mjs';

export const bundleFile = join(root, 'l10n', 'bundle.l10n.json');

/**
 * The text of the bundle for the sources as they are.
 * @throws Error where a call's message is put together at run time: nobody could translate it.
 */
export function bundleText() {
  const messages = new Map();
  for (const file of sourceFiles()) {
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
    collect(source, source, messages);
  }
  collectTable(join(root, 'src', 'protocol', 'preview-strings.ts'), messages);
  const sorted = [...messages].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`;
}

function sourceFiles() {
  return ['editor', 'core'].flatMap((layer) => {
    const folder = join(root, 'src', layer);
    return readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name));
  });
}

/** Takes the messages of `l10n.t(…)` and `vscode.l10n.t(…)` below a node. */
function collect(node, source, messages) {
  if (ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText(source))) {
    const message = messageOf(node.arguments[0]);
    if (message === undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      throw new Error(`${source.fileName}:${line + 1}: the message of l10n.t must be a literal.`);
    }
    messages.set(message, message);
  }
  ts.forEachChild(node, (child) => collect(child, source, messages));
}

/** Takes the words of the preview's page, which has no `l10n.t`: the host translates the whole table. */
function collectTable(file, messages) {
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteralLike(node.initializer)) {
      messages.set(node.initializer.text, node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true));
}

function messageOf(argument) {
  if (argument === undefined) return undefined;
  if (ts.isStringLiteralLike(argument)) return argument.text;
  if (!ts.isObjectLiteralExpression(argument)) return undefined;
  const message = argument.properties.find((property) => property.name?.getText() === 'message');
  return message && ts.isPropertyAssignment(message) ? messageOf(message.initializer) : undefined;
}

if (argv[1] !== undefined && pathToFileURL(argv[1]).href === import.meta.url) {
  writeFileSync(bundleFile, bundleText());
}
