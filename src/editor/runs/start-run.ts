import { commands, l10n, ProgressLocation, type TextDocument, window } from 'vscode';
import type { RunScope } from '../../core/run-plan.js';
import { reportFailure } from '../failure.js';
import { namedDocument } from '../documents/active-document.js';
import type { Services } from '../services.js';
import { type Run, textOf } from './run.js';
import { tellWarnings } from './run-warnings.js';
import type { StartedRun, StartOptions } from './runs.js';

/**
 * Begins a run, whoever asks for it: what it warns of and why it fails is logged, and how long it takes is learnt.
 * @throws Refusal when there can be no run
 */
export async function beginRun(
  { runs, times, log }: Services,
  document: TextDocument,
  scope: RunScope,
  options: StartOptions = {},
): Promise<StartedRun> {
  const started = await runs.start(document, scope, options);
  for (const { message } of started.run.plan.warnings) log.warn(message);
  const end = started.end.then((ended) => {
    times.note(ended, started.engineSettings);
    for (const warning of ended.result?.warnings ?? []) log.warn(warning);
    if (ended.failure !== undefined) log.error(ended.failure);
    return ended;
  });
  return { ...started, end };
}

/**
 * Starts a run and shows how far it is; its end is told where the author has to know. Resolves when the run is over.
 * @throws Refusal when there can be no run
 */
export async function startRun(
  services: Services,
  document: TextDocument,
  scope: RunScope,
  options: StartOptions = {},
): Promise<Run> {
  const started = await beginRun(services, document, scope, options);
  await showProgress(services, started);
  const ended = await started.end;
  if (ended.state === 'failed') void tellFailure(services, document, scope, options, ended);
  else {
    tellOfHunks(ended);
    void tellWarnings(ended, started.engineSettings.device);
  }
  return ended;
}

async function showProgress(
  { runs, times }: Services,
  { run, engineSettings, end }: StartedRun,
): Promise<void> {
  await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('OneFlow'), cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => {
        runs.stop(run.document);
      });
      const expected = times.expected(run, engineSettings);
      progress.report({
        message: expected
          ? l10n.t('starting, about {0} s', Math.ceil(expected))
          : l10n.t('waiting for the model'),
      });
      const frames = runs.onFrame(({ run: { id }, frame: { frame, seconds } }) => {
        if (id !== run.id) return;
        const { pass, passes } = frame;
        const left = Math.ceil((seconds / pass) * Math.max(0, passes - pass));
        progress.report({
          message: l10n.t('step {0} of {1}, {2} s left', pass, passes, left),
          increment: 100 / passes,
        });
      });
      try {
        await end;
      } finally {
        frames.dispose();
      }
    },
  );
}

function tellOfHunks({ suggestions, state }: Run): void {
  if (suggestions > 0) {
    const text =
      suggestions === 1
        ? l10n.t('OneFlow: 1 suggestion to review.')
        : l10n.t('OneFlow: {0} suggestions to review.', suggestions);
    window.setStatusBarMessage(text, 8000);
  } else if (state === 'finished') {
    void window.showInformationMessage(
      l10n.t('OneFlow has nothing to suggest here: what it made is what is there.'),
    );
  }
}

async function tellFailure(
  services: Services,
  document: TextDocument,
  scope: RunScope,
  options: StartOptions,
  run: Run,
): Promise<void> {
  const retry = l10n.t('Retry');
  const showLog = l10n.t('Show Log');
  const failure = run.failure!;
  const choice = await window.showErrorMessage(failure, ...(run.canRetry ? [retry] : []), showLog);
  if (choice === showLog) await commands.executeCommand('oneflow.showLog');
  if (choice !== retry) return;
  try {
    // It may have got another name meanwhile.
    const current = document.isClosed ? await namedDocument(run.document.toString()) : document;
    await startRun(services, current, scope, { ...options, seed: run.seed, text: textOf(run) });
  } catch (error) {
    reportFailure(services.log, error);
  }
}
