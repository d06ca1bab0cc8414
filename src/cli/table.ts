/** Lines of text from rows of cells: aligns all columns but the last. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, column) =>
    rows.reduce((widest, cells) => Math.max(widest, cells[column]!.length), 0),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column]!)))
      .join('  '),
  );
}
