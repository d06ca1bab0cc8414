import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { Watchdog } from '../../../src/engine/watchdog.js';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

function watch() {
  const [ping, onHang] = [vi.fn(), vi.fn()];
  const watchdog = new Watchdog(ping, onHang);
  onTestFinished(() => {
    watchdog.dispose();
  });
  return { watchdog, ping, onHang };
}
const seconds = (count: number): void => void vi.advanceTimersByTime(1000 * count);

test.each([
  ['idle', 10],
  ['warming-up', 120],
  ['running', 30],
] as const)('a process that is %s may be silent for less than %i seconds', (activity, most) => {
  const { watchdog, onHang } = watch();
  watchdog.expect(activity);
  seconds(most - 1);
  expect(onHang).not.toHaveBeenCalled();
  seconds(1);
  expect(onHang.mock.calls).toEqual([[most]]);
  seconds(1000);
  expect(onHang).toHaveBeenCalledOnce();
});

test('passes that take long may come to take ten times as long', () => {
  const { watchdog, onHang } = watch();
  watchdog.expect('running');
  seconds(8);
  watchdog.heard();
  seconds(79);
  expect(onHang).not.toHaveBeenCalled();
  seconds(1);
  expect(onHang).toHaveBeenCalledOnce();
});

test('what a process did before does not count for what it does next', () => {
  const { watchdog, onHang } = watch();
  seconds(100);
  watchdog.heard();
  watchdog.expect('idle');
  seconds(10);
  expect(onHang).toHaveBeenCalledOnce();
});

test('a sign of life begins the count anew, and one ping is on its way at a time', () => {
  const { watchdog, ping, onHang } = watch();
  watchdog.expect('idle');
  seconds(9);
  expect(ping).toHaveBeenCalledOnce();
  watchdog.heard();
  seconds(9);
  expect(ping).toHaveBeenCalledTimes(2);
  expect(onHang).not.toHaveBeenCalled();
});

test('nothing is counted while the owner itself stands still', () => {
  const { watchdog, onHang } = watch();
  watchdog.expect('idle');
  vi.setSystemTime(Date.now() + 3_600_000); // the computer slept; its timers did not run
  seconds(9);
  expect(onHang).not.toHaveBeenCalled();
});
