import { describe, expect, it } from 'vitest';
import { PreviewChannel } from '../../../src/protocol/preview-channel.js';
import {
  type FromPreview,
  fromPreviewSchema,
  type ToPreview,
} from '../../../src/protocol/preview-messages.js';

function createChannel() {
  const posted: unknown[] = [];
  const received: FromPreview[] = [];
  const dropped: string[] = [];
  const channel = new PreviewChannel<ToPreview, FromPreview>({
    secret: 'right',
    schema: fromPreviewSchema,
    post: (envelope) => posted.push(envelope),
    onMessage: (message) => received.push(message),
    onDropped: (reason) => dropped.push(reason),
  });
  return { channel, posted, received, dropped };
}

const envelope = (message: unknown, secret = 'right'): unknown => ({
  channel: 'oneflow-preview',
  secret,
  message,
});
const show: ToPreview = { type: 'show', page: 'lessons' };

describe('PreviewChannel', () => {
  it('keeps what is sent until the other end listens', () => {
    const { channel, posted } = createChannel();
    channel.send(show);
    expect(posted).toEqual([]);
    channel.open();
    channel.send({ type: 'reveal', offset: 3 });
    expect(posted).toEqual([envelope(show), envelope({ type: 'reveal', offset: 3 })]);
  });

  it('forgets what waits for a page that is loaded anew', () => {
    const { channel, posted } = createChannel();
    channel.open();
    channel.reset();
    channel.send(show);
    channel.reset();
    channel.open();
    expect(posted).toEqual([]);
  });

  it('passes what has the secret and the form', () => {
    const { channel, received } = createChannel();
    channel.receive(envelope({ type: 'accept', hunkId: 'r1:m1' }));
    expect(received).toEqual([{ type: 'accept', hunkId: 'r1:m1' }]);
  });

  it.each([
    ['a missing secret', { channel: 'oneflow-preview', message: { type: 'stop' } }],
    ['a foreign secret', envelope({ type: 'stop' }, 'wrong')],
    ['an unknown type', envelope({ type: 'run' })],
    ['a missing field', envelope({ type: 'accept' })],
    ['a field of another type', envelope({ type: 'accept', hunkId: 7 })],
    ['a number that is none', envelope({ type: 'scrolled', offset: Number.NaN })],
    ['a negative offset', envelope({ type: 'scrolled', offset: -1 })],
    ['an offset beyond any text', envelope({ type: 'reveal', offset: 2 ** 53 })],
    ['a fraction', envelope({ type: 'draw', runId: 'r1', pass: 1.5 })],
    ['a strength above 1', envelope({ type: 'restore', strength: 1.5, seed: 1 })],
    ['a text of 100 MB', envelope({ type: 'open-link', href: 'x'.repeat(100_000_000) })],
    ['nothing', undefined],
  ])('drops %s', (_name, data) => {
    const { channel, received } = createChannel();
    channel.receive(data);
    expect(received).toEqual([]);
  });

  it('says what it dropped, and none of its content', () => {
    const { channel, dropped } = createChannel();
    channel.receive(envelope({ type: 'accept', hunkId: ['private'] }));
    expect(dropped).toEqual(['A message was dropped: its field "hunkId" is not valid (invalid_type).']);
  });

  it('is silent after its page is closed, whatever is replayed', () => {
    const { channel, posted, received } = createChannel();
    channel.open();
    channel.close();
    channel.receive(envelope({ type: 'stop' }));
    channel.send(show);
    channel.open();
    expect([...posted, ...received]).toEqual([]);
  });
});
