import { expect, it } from 'vitest';
import { renderPage } from '../../../../src/core/render/page.js';

it('makes a page that may load nothing but embedded pictures, whatever its title', () => {
  const page = renderPage('</title><script>alert("x")</script>', '<p>body</p>\n');
  expect(page).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/url\(|@import|src=|href=/);
  expect(page).toContain('<main>\n<p>body</p>\n</main>');
});
