import fc from 'fast-check';
import { suite, teardown, test } from 'mocha';
import { generatedReview, reviewCommands, Trial } from '../../property/review-trial.js';
import { testSeed } from '../../property/test-seed.js';
import { closeAll, open } from '../support/documents.js';
import { VsCodeEditor } from '../support/reviewed-editor.js';

suite('the review of random sequences', () => {
  teardown(closeAll);

  test('keeps every hunk at its place, or refuses it, in a real editor', async function () {
    this.timeout(600_000);
    await fc.assert(
      fc.asyncProperty(generatedReview, reviewCommands, async (generated, commands) => {
        const editor = new VsCodeEditor(await open(generated.text));
        try {
          const trial = new Trial(editor);
          await trial.start(generated);
          await fc.asyncModelRun(() => ({ model: {}, real: trial }), commands);
        } finally {
          editor.dispose();
          await closeAll();
        }
      }),
      { seed: testSeed(20_260_801), numRuns: 50, endOnFailure: true, includeErrorInReport: true },
    );
  });
});
