/**
 * `destination` written so that it is one link destination, in a table cell too: what would end or change it is
 * percent-encoded. Percent signs stay, so that one that is encoded already is not encoded twice.
 */
export function writeDestination(destination: string): string {
  if (destination === '') return '<>';
  // An ampersand only where an entity could be read.
  return destination.replace(
    /[\0- "()<>[\\\]`|\x7F]|&(?=#?\w+;)/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
