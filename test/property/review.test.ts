import fc from 'fast-check';
import { it } from 'vitest';
import { StringEditor } from './review-editor.js';
import { generatedReview, reviewCommands, Trial } from './review-trial.js';
import { testSeed } from './test-seed.js';

it('keeps every hunk at its place, or refuses it, through 2,000 sequences of edits, accepts and undos', async () => {
  await fc.assert(
    fc.asyncProperty(generatedReview, reviewCommands, async (generated, commands) => {
      const trial = new Trial(new StringEditor(generated.text));
      await trial.start(generated);
      await fc.asyncModelRun(() => ({ model: {}, real: trial }), commands);
    }),
    { seed: testSeed(20_260_801), numRuns: 2_000 },
  );
});
