import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { liesIn } from '../../../src/editor/pictures/real-place.js';

function workspace(): string {
  const folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'oneflow-place-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  mkdirSync(path.join(folder, 'root', 'images'), { recursive: true });
  mkdirSync(path.join(folder, 'root-of-another'));
  return folder;
}

test('takes places in the workspace, in folders that are there and in those that are not', async () => {
  const root = path.join(workspace(), 'root');
  expect(await liesIn(root, path.join(root, 'a.png'))).toBe(true);
  expect(await liesIn(root, path.join(root, 'images', 'a.png'))).toBe(true);
  expect(await liesIn(root, path.join(root, 'new', 'folder', 'a.png'))).toBe(true);
  expect(await liesIn(root, path.join(root, '..new', 'a.png'))).toBe(true);
});

test('refuses places beside it and behind links', async () => {
  const folder = workspace();
  const root = path.join(folder, 'root');
  symlinkSync(folder, path.join(root, 'link'));
  expect(await liesIn(root, path.join(folder, 'a.png'))).toBe(false);
  expect(await liesIn(root, path.join(folder, 'root-of-another', 'a.png'))).toBe(false);
  expect(await liesIn(root, path.join(root, 'link', 'a.png'))).toBe(false);
  expect(await liesIn(root, path.join(root, 'link', 'new', 'a.png'))).toBe(false);
});

test('takes a workspace that is opened through a link', async () => {
  const folder = workspace();
  const link = path.join(folder, 'opened');
  symlinkSync(path.join(folder, 'root'), link);
  expect(await liesIn(link, path.join(link, 'images', 'a.png'))).toBe(true);
});
