// What a benchmark prints in the end.

export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Prints rows of `{ name, value, limit?, verdict? }`; true where none failed. */
export function printTable(rows) {
  const cells = rows.map(({ name, value, limit = '', verdict = '' }) => [
    name,
    value,
    limit,
    verdict,
  ]);
  const lines = [['what', 'measured', 'limit', ''], ...cells];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...lines.map((line) => line[column].length)),
  );
  console.log();
  for (const line of lines) {
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join(' | ')
        .trimEnd(),
    );
  }
  return rows.every(({ verdict }) => verdict !== 'FAILED');
}
