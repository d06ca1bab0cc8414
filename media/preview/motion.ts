const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** Whether the author wants nothing to move, by the system's setting or by VS Code's. */
export function isStill(): boolean {
  return reducedMotion.matches || document.body.classList.contains('vscode-reduce-motion');
}
