/**
 * Whether no number is NaN or infinite: any that is makes the sum so, and finite float32 numbers cannot, since float64
 * has room for the sum of more than memory holds. Four sums side by side: with the logits of a whole vocabulary for
 * every gap, a test of each number took one per cent of a run.
 */
export function areFinite(numbers: Float32Array): boolean {
  let [one, two, three, four] = [0, 0, 0, 0];
  const whole = numbers.length - (numbers.length % 4);
  for (let index = 0; index < whole; index += 4) {
    one += numbers[index]!;
    two += numbers[index + 1]!;
    three += numbers[index + 2]!;
    four += numbers[index + 3]!;
  }
  for (let index = whole; index < numbers.length; index += 1) one += numbers[index]!;
  return Number.isFinite(one + two + three + four);
}
