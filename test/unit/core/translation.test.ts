import { config } from '@vscode/l10n';
import { afterEach, describe, expect, it } from 'vitest';
import { analyzeDocument } from '../../../src/core/document/index.js';
import { optionsFor } from '../../../src/core/document/options.js';
import { quickFixesAt } from '../../../src/core/marking/index.js';

afterEach(() => {
  config({ contents: {} });
});

describe('what core says', () => {
  const nested = 'a <!--mask-->b <!--mask-->c<!--/mask-->\n';

  it('is translated, with what it is about', () => {
    config({
      contents: {
        'Masks do not nest: write `<!--/mask-->` to end the one that begins on line {0} first.':
          'Zeile {0}: zuerst `<!--/mask-->` schreiben.',
        'Close the mask before this one': 'Die Maske davor beenden',
      },
    });
    expect(analyzeDocument(nested).problems.map(({ message }) => message)).toEqual([
      'Zeile 1: zuerst `<!--/mask-->` schreiben.',
    ]);
    const [fix] = quickFixesAt(nested, { start: nested.lastIndexOf('<!--mask'), end: nested.length });
    expect(fix?.title).toBe('Die Maske davor beenden');
  });

  it('is translated where it stands in a table that was made before', () => {
    config({
      contents: {
        'a number from {0} to {1}': 'eine Zahl von {0} bis {1}',
        '`{0}={1}` is out of range; write {2}, as in `{0}={3}`.': '`{0}={1}` statt {2} wie `{0}={3}`.',
      },
    });
    const [strength] = optionsFor('text');
    expect(strength).toMatchObject({ name: 'strength', expects: 'eine Zahl von 0 bis 1' });
    const { problems } = analyzeDocument('a <!--mask strength=2-->b<!--/mask-->\n');
    expect(problems[0]?.message).toBe('`strength=2` statt eine Zahl von 0 bis 1 wie `strength=0.6`.');
  });

  it('is English where a translation is missing, whatever is quoted', () => {
    config({ contents: { 'Remove this mark': 'Entfernen' } });
    const { problems } = analyzeDocument('a <!--mask {0}-->b<!--/mask-->\n');
    expect(problems[0]?.message).toMatch(/^“\{0\}” is not an option: write options as `name=value` or /);
  });
});
