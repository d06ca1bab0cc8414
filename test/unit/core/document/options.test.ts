import { describe, expect, it } from 'vitest';
import { checkModelOptions, type MaskOptions } from '../../../../src/core/document/index.js';
import { errorOf, parsed } from './helpers.js';

const optionsOf = (source: string): MaskOptions | undefined => parsed(source).masks[0]?.options;

describe('options in a comment', () => {
  it('are bare or quoted, each after a space', () => {
    expect(optionsOf('a <!--mask strength=0.6 max=80-->b<!--/mask-->')).toEqual({ strength: 0.6, max: 80 });
    expect(optionsOf('a <!-- mask  strength=".25"  seed="7" -->b<!-- /mask -->')).toEqual({
      strength: 0.25,
      seed: 7,
    });
    expect(optionsOf('a <!--mask length=12 guidance=3.5/-->')).toEqual({ length: 12, guidance: 3.5 });
  });

  it('of a picture are style and size', () => {
    const source = '<!--mask style=fluent-flat size=512 strength=1-->\n![a](b)\n<!--/mask-->';
    expect(optionsOf(source)).toEqual({ style: 'fluent-flat', size: 512, strength: 1 });
  });

  it('take the ends of their ranges', () => {
    expect(optionsOf('a <!--mask max=10000 seed=4294967295 guidance=20 strength=0-->b<!--/mask-->')).toEqual({
      max: 10_000,
      seed: 4_294_967_295,
      guidance: 20,
      strength: 0,
    });
  });

  it.each([
    ['colour=red', 'option-unknown'],
    ['__proto__=1', 'option-unknown'],
    ['seed=1 seed=1', 'option-repeated', 23],
    ['max', 'option-malformed'],
    ['max=', 'option-malformed'],
    ['max = 3', 'option-malformed'],
    ['max="3', 'option-malformed'],
    ['max="3"seed=1', 'option-malformed'],
    ['max=3.5', 'option-malformed'],
    ['max=-3', 'option-malformed'],
    ['strength=half', 'option-malformed'],
    ['strength=1e-1', 'option-malformed'],
    ['strength=1.01', 'option-out-of-range'],
    ['length=0', 'option-out-of-range'],
    ['max=10001', 'option-out-of-range'],
    ['seed=4294967296', 'option-out-of-range'],
    ['guidance=20.5', 'option-out-of-range'],
    ['style=noto', 'option-misplaced'],
    ['size=256', 'option-misplaced'],
    ['length=3 max=4', 'option-misplaced', 25],
  ])('refuses %s on text: %s', (options, code, column = 16) => {
    expect(errorOf(`abcd<!--mask   ${options}-->b<!--/mask-->`)).toBe(`1:${column} ${code}`);
  });

  it('refuses strength where there is nothing to keep', () => {
    expect(errorOf('a <!--mask strength=1/-->')).toBe('1:12 option-misplaced');
    expect(errorOf('a <!--mask strength=0.5--> <!--/mask--> b')).toBe('1:12 option-misplaced');
    expect(errorOf('![a](mask:?strength=1)')).toBe('1:6 option-misplaced');
  });

  it('refuses length and max on pictures', () => {
    expect(errorOf('<!--mask max=3-->\n![a](b)\n<!--/mask-->')).toBe('1:10 option-misplaced');
    expect(errorOf('![a](mask:?length=3)')).toBe('1:6 option-misplaced');
  });
});

describe('options in a slot', () => {
  it('are a percent-encoded query', () => {
    expect(optionsOf('![a](mask:?style=noto&seed=7)')).toEqual({ style: 'noto', seed: 7 });
    expect(optionsOf('![a](mask:?%73tyle=fluent%2Dflat "title")')).toEqual({ style: 'fluent-flat' });
    expect(optionsOf('![a](<mask:?size=512>)')).toEqual({ size: 512 });
  });

  it.each([
    ['mask:x', 'option-malformed'],
    ['mask:?', 'option-malformed'],
    ['mask:?seed', 'option-malformed'],
    ['mask:?seed=1&', 'option-malformed'],
    ['mask:?style=%zz', 'option-malformed'],
    ['mask:?style=%C3%A9', 'option-malformed'],
    ['mask:?size=15', 'option-out-of-range'],
    ['mask:?seed=1&seed=2', 'option-repeated'],
    ['mask:?hue=3', 'option-unknown'],
  ])('refuses %s: %s', (destination, code) => {
    expect(errorOf(`ab ![a](${destination})`)).toBe(`1:9 ${code}`);
  });
});

describe('options and the model', () => {
  const choices = { styles: ['noto', 'fluent-flat'], sizes: [128, 256] };

  it('accepts what the model has', () => {
    expect(checkModelOptions(parsed('![a](mask:?style=noto&size=256)'), choices)).toBeUndefined();
  });

  it('names all possibilities, styles by the alphabet', () => {
    expect(checkModelOptions(parsed('a ![a](mask:?style=oil)'), choices)).toEqual({
      code: 'option-not-in-model',
      message: 'The model has no style “oil”; write one of fluent-flat, noto.',
      line: 1,
      column: 3,
    });
    const sizes = Array.from({ length: 10 }, (_, index) => 16 * (index + 1));
    expect(checkModelOptions(parsed('![a](mask:?size=17)'), { styles: [], sizes })?.message).toBe(
      'The model has no size “17”; write one of 16, 32, 48, 64, 80, 96, 112, 128, 144, 160.',
    );
  });
});
