/** The second layer: what core/render made safe by construction goes through a sanitiser before it becomes elements. */
import createPurifier from 'dompurify';

const purifier = createPurifier(window);

const allowed = {
  ALLOWED_TAGS: [
    ...['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'code', 'hr', 'br', 'ul', 'ol', 'li'],
    ...['table', 'thead', 'tbody', 'tr', 'th', 'td', 'em', 'strong', 's', 'a', 'img', 'mark', 'span', 'div'],
  ],
  ALLOWED_ATTR: [
    ...['class', 'href', 'title', 'src', 'alt', 'role', 'aria-label', 'start'],
    ...['data-hole', 'data-change', 'data-picture', 'data-remote'],
  ],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  // What core/render lets through, and addresses of pictures that the host gives. Nothing else is an address.
  ALLOWED_URI_REGEXP:
    /^(?:https?:|mailto:|blob:|data:image\/(?:png|jpeg|webp|gif);base64,|[^:]*$|[^:]*[/?#])/i,
} as const;

/** Elements from HTML of core/render. */
export function toFragment(html: string): DocumentFragment {
  // The page's policy allows no style attributes; of those that markdown-it writes, these are all.
  const styled = html.replaceAll(/ style="text-align:(left|center|right)"/g, ' class="align-$1"');
  return purifier.sanitize(styled, {
    ...allowed,
    ALLOWED_TAGS: [...allowed.ALLOWED_TAGS],
    ALLOWED_ATTR: [...allowed.ALLOWED_ATTR],
    // They hold words and ids, which may well have a colon.
    ADD_URI_SAFE_ATTR: ['aria-label', 'data-hole', 'data-change', 'data-picture', 'data-remote'],
    RETURN_DOM_FRAGMENT: true,
  });
}

/** The nodes of several texts of HTML: they go through the sanitiser together, because a call of it costs a lot. */
export function toNodes(htmls: readonly string[]): Node[][] {
  const wrapped = [...toFragment(htmls.map((html) => `<div>${html}</div>`).join('')).children];
  return wrapped.length === htmls.length
    ? wrapped.map(({ childNodes }) => [...childNodes])
    : htmls.map((html) => [...toFragment(html).childNodes]);
}
