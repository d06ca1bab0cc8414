/** Latent grids and the flat patches that the denoiser sees. Grids are channel-major: (channel, row, column). */
export interface PatchLayout {
  readonly channels: number;
  /** Edge of the latent grid in cells. */
  readonly size: number;
  /** Edge of a patch in cells; divides `size`. */
  readonly patch: number;
}

/** Cuts a grid into patches: row by row of the picture, each patch flat in (channel, row, column) order. */
export function toPatches(grid: Float32Array, layout: PatchLayout): Float32Array {
  const patches = new Float32Array(grid.length);
  forEachCell(layout, (inGrid, inPatches) => {
    patches[inPatches] = grid[inGrid]!;
  });
  return patches;
}

/** The inverse of `toPatches`. */
export function fromPatches(patches: Float32Array, layout: PatchLayout): Float32Array {
  const grid = new Float32Array(patches.length);
  forEachCell(layout, (inGrid, inPatches) => {
    grid[inGrid] = patches[inPatches]!;
  });
  return grid;
}

function forEachCell(layout: PatchLayout, visit: (inGrid: number, inPatches: number) => void): void {
  const { channels, size, patch } = layout;
  let inPatches = 0;
  for (let top = 0; top < size; top += patch) {
    for (let left = 0; left < size; left += patch) {
      for (let channel = 0; channel < channels; channel += 1) {
        for (let row = top; row < top + patch; row += 1) {
          for (let column = left; column < left + patch; column += 1) {
            visit((channel * size + row) * size + column, inPatches);
            inPatches += 1;
          }
        }
      }
    }
  }
}
