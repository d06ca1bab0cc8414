/** Numbers of a row that are tested; most rows are shorter. */
const tested = 256;

/**
 * Whether the numbers of an output, in rows of `rowLength`, are finite. Of the rows that are a whole vocabulary long the
 * first is tested whole, and of the others the beginning: each is one hidden state times one table, so a hidden state
 * that is not finite shows in all of its row, and a table that is not, in every row. To read them whole took two per
 * cent of a run.
 */
export function areFinite(numbers: Float32Array, rowLength: number): boolean {
  if (rowLength <= tested) return isSumFinite(numbers, 0, numbers.length);
  if (!isSumFinite(numbers, 0, Math.min(rowLength, numbers.length))) return false;
  for (let start = rowLength; start < numbers.length; start += rowLength) {
    if (!isSumFinite(numbers, start, start + tested)) return false;
  }
  return true;
}

/**
 * A number that is NaN or infinite makes the sum so, and finite float32 numbers cannot, since float64 has room for the
 * sum of more than memory holds. Four sums side by side are faster than one, or than a test of each number.
 */
function isSumFinite(numbers: Float32Array, start: number, end: number): boolean {
  let [one, two, three, four] = [0, 0, 0, 0];
  const whole = end - ((end - start) % 4);
  for (let index = start; index < whole; index += 4) {
    one += numbers[index]!;
    two += numbers[index + 1]!;
    three += numbers[index + 2]!;
    four += numbers[index + 3]!;
  }
  for (let index = whole; index < end; index += 1) one += numbers[index]!;
  return Number.isFinite(one + two + three + four);
}
