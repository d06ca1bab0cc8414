import { builtinModules } from 'node:module';
import { runInNewContext } from 'node:vm';
import tseslint from 'typescript-eslint';

// The architecture, kept by lint: each folder of src names what it must not import.
const nodeBuiltins = `^(node:.*|${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`;
const layer = (name) => `(^|/)${name}(/|$)`;

/** Forbids the modules that match one of `regexes` in the files of one layer. */
const restrict = (files, regexes, message) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', { patterns: regexes.map((regex) => ({ regex, message })) }],
  },
});

const native = '^(onnxruntime-node|sharp)$';

// Folders of src/editor: each may import those before it.
const editorFolders = [
  'documents',
  'engine',
  'pictures',
  'review',
  'marks',
  'runs',
  'views',
  'preview',
  'agents',
  'commands',
];
const outsideEditor = [native, ...['engine-host', 'document-worker', 'cli'].map(layer)];

// What Node adds to the globals of the language, what a browser adds, and the language's own ways out.
const language = new Set(runInNewContext('Object.getOwnPropertyNames(globalThis)'));
const platformGlobals = new Set([
  ...Object.getOwnPropertyNames(globalThis).filter((name) => !language.has(name)),
  ...['console', 'document', 'window', 'navigator', 'localStorage', 'WebSocket', 'globalThis', 'Date'],
]);

export default tseslint.config(
  {
    ignores: [
      'dist',
      'out',
      'coverage',
      'node_modules',
      'models',
      'test/host/empty-extension',
      'test/browser/workbench/crash-extension',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.mjs', 'scripts/*.mjs'] } },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Indexed reads inside numeric loops are in range by construction; `!` says so under noUncheckedIndexedAccess.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // An empty async stub or a promise returned without await is a matter of taste, not of correctness.
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  restrict(
    ['src/protocol/**'],
    [
      nodeBuiltins,
      '^vscode$',
      native,
      ...['core', 'engine', 'engine-host', 'document-worker', 'editor', 'cli'].map(layer),
    ],
    'protocol imports nothing of ours and no platform.',
  ),
  restrict(
    ['src/core/**'],
    [
      nodeBuiltins,
      '^vscode$',
      native,
      ...['engine', 'engine-host', 'document-worker', 'editor', 'cli'].map(layer),
    ],
    'core is pure: it may import protocol and nothing of the platform.',
  ),
  {
    files: ['src/core/**', 'src/protocol/**'],
    rules: {
      'no-restricted-globals': ['error', ...platformGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness is injected: use core/flow/random.' },
      ],
    },
  },
  {
    files: ['src/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ImportExpression, TSImportType',
          message: 'The rules above see only import declarations.',
        },
      ],
    },
  },
  // Loads late what the editor may import anyway.
  { files: ['src/editor/lazy.ts'], rules: { 'no-restricted-syntax': 'off' } },
  restrict(
    ['src/engine/**'],
    ['^vscode$', native, ...['engine-host', 'document-worker', 'editor', 'cli'].map(layer)],
    'engine may import core and protocol; the engine process is started, never imported.',
  ),
  restrict(
    ['src/engine-host/**'],
    ['^vscode$', ...['engine', 'document-worker', 'editor', 'cli'].map(layer)],
    'engine-host may import core and protocol.',
  ),
  restrict(
    ['src/cli/**'],
    ['^vscode$', native, ...['engine-host', 'document-worker', 'editor'].map(layer)],
    'cli may import engine, core and protocol.',
  ),
  restrict(
    ['src/document-worker/**'],
    ['^vscode$', native, ...['engine', 'engine-host', 'editor', 'cli'].map(layer)],
    'document-worker may import core and protocol.',
  ),
  restrict(
    ['media/**'],
    [
      nodeBuiltins,
      '^vscode$',
      native,
      ...['engine', 'engine-host', 'document-worker', 'editor', 'cli'].map(layer),
    ],
    "the preview's page may import core and protocol: it runs in a browser.",
  ),
  restrict(
    ['src/editor/**', 'src/extension.ts'],
    outsideEditor,
    'the editor may import engine, core and protocol; the engine process and the thread are started, never imported.',
  ),
  ...editorFolders.map((folder, index) =>
    restrict(
      [`src/editor/${folder}/**`],
      [...outsideEditor, ...editorFolders.slice(index + 1).map((later) => `^\\.\\./${later}/`)],
      `${folder} may not: see editorFolders and outsideEditor in eslint.config.mjs.`,
    ),
  ),
);
