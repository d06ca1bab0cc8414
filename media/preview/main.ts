/** The preview's page: connects its parts, and paints after each change of the model. */
import type { ToPreview } from '../../src/protocol/preview-messages.js';
import { connect } from './host.js';
import { readKeptState } from './kept-state.js';
import { PreviewPage } from './preview-page.js';
import './preview.css';
import { setStrings } from './strings.js';

let page: PreviewPage | undefined;

const host = connect((message: ToPreview) => {
  if (message.type === 'settings') {
    setStrings(message.strings, message.locale);
    document.documentElement.lang = message.locale;
    // The settings come first: with them the page knows its language, and is built.
    page ??= new PreviewPage(document.body, host, readKeptState(host.state));
  }
  page?.receive(message);
});

// For the log. A page that fails is still there: what it has shown stays.
const report = (message: string): void => {
  host.send({ type: 'page-error', message: message.slice(0, 2000) });
};
window.addEventListener('error', (event) => {
  // The browser says so when an observer's work waits for the next frame; nothing is wrong.
  if (!event.message.startsWith('ResizeObserver loop')) report(event.message);
});
window.addEventListener('unhandledrejection', (event) => {
  report(event.reason instanceof Error ? event.reason.message : 'A promise was rejected.');
});

host.send({ type: 'ready' });
