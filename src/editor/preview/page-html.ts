/** The HTML that the preview's page begins as: two files of ours, and a policy that lets nothing else in. */
import { escapeHtml } from '../../core/render/escape.js';

export interface PageParts {
  readonly scriptUri: string;
  readonly styleUri: string;
  /** What the webview's own files come from. */
  readonly cspSource: string;
  /** New for each page, both: hard to guess, and of letters, digits, `-` and `_` alone. */
  readonly nonce: string;
  readonly secret: string;
  /** Whether the author lets the page load pictures from elsewhere. */
  readonly remotePictures: boolean;
  /** What the page says when its script has not built it after a while. */
  readonly notStarted: string;
}

export function pageHtml({
  scriptUri,
  styleUri,
  cspSource,
  nonce,
  secret,
  remotePictures,
  notStarted,
}: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    // Pictures of runs come as bytes, which the page gives addresses of its own.
    `img-src ${cspSource} blob:${remotePictures ? ' https: http:' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en" data-secret="${secret}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>OneFlow</title>
<link rel="stylesheet" href="${styleUri}">
<style nonce="${nonce}">
.not-started { margin: 3em; text-align: center; animation: tell 10s step-end !important; }
@keyframes tell { from { visibility: hidden; } }
</style>
</head>
<body>
<p class="not-started" role="status">${escapeHtml(notStarted)}</p>
<script nonce="${nonce}" src="${scriptUri}"></script>
</body>
</html>
`;
}
