import { escapeHtml } from './escape.js';

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --paper: #ffffff; --faint: #d8dee4; --soft: #f3f5f7; --fresh: #fff3c4; --link: #0a58ca; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --paper: #16181c; --faint: #3a3f47; --soft: #22262c; --fresh: #4a3f12; --link: #7db2ff; }
}
body { margin: 0 auto; padding: 2.5rem 1.25rem 4rem; max-width: 42rem; color: var(--ink); background: var(--paper);
  font: 1.0625rem/1.6 Georgia, 'Times New Roman', serif; overflow-wrap: break-word; }
h1, h2, h3, h4, h5, h6 { font-family: system-ui, sans-serif; line-height: 1.25; }
a { color: var(--link); }
img { display: block; max-width: 100%; margin: 1rem 0; border-radius: 8px; }
.picture-missing { display: inline-block; padding: 0.75rem 1rem; border: 1px dashed var(--faint); border-radius: 8px; font-style: italic; }
mark.oneflow, .oneflow { color: inherit; background: var(--fresh); border-radius: 3px; box-shadow: 0 0 0 2px var(--fresh); }
table { border-collapse: collapse; }
th, td { padding: 0.3rem 0.7rem; border: 1px solid var(--faint); }
blockquote { margin-inline: 0; padding-inline-start: 1rem; border-inline-start: 3px solid var(--faint); }
pre, code { font-family: ui-monospace, monospace; font-size: 0.9em; background: var(--soft); border-radius: 4px; }
pre { padding: 0.75rem 1rem; overflow-x: auto; }
`;

/** A self-contained page that loads nothing: `body` is trusted HTML from `renderMarkdown`, `title` is any text. */
export function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}</main>
</body>
</html>
`;
}
