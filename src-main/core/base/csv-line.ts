/** A field of a table; null is an empty field. Numbers are written as JavaScript writes them, so that they read back the same. */
export type CsvField = string | number | boolean | null;

/**
 * One line of a table with its line break (RFC 4180: comma, quotes where a field holds a comma, a quote or a line break or
 * has blanks at an end; lines end in LF).
 */
export function csvLine(fields: readonly CsvField[]): string {
  return `${fields.map(csvField).join(',')}\n`;
}

function csvField(field: CsvField): string {
  if (field === null) return '';
  const text = String(field);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
