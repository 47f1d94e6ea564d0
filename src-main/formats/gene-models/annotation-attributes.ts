/**
 * The values of some attributes in the ninth column of a GTF (`gene_id "ENSG…"; gene_name "TP53";`) or GFF3 line
 * (`ID=gene:ENSG…;Name=TP53`). Of an attribute that comes twice the first counts.
 */
export function attributesOf(text: string, style: 'gtf' | 'gff3'): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (style === 'gff3') {
    for (const part of text.split(';')) {
      const equals = part.indexOf('=');
      if (equals === -1) continue;
      const key = part.slice(0, equals).trim();
      if (!found.has(key)) found.set(key, decoded(part.slice(equals + 1).trim()));
    }
    return found;
  }
  for (const [, key, quoted, bare] of text.matchAll(/([^\s;]+)\s+(?:"([^"]*)"|([^\s;]+))\s*(?:;|$)/g)) {
    if (!found.has(key!)) found.set(key!, quoted ?? bare!);
  }
  return found;
}

/** A value of GFF3, in which signs that would separate are written %3B. What is no such writing stays. */
function decoded(text: string): string {
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (whole, hex: string) => {
    const code = parseInt(hex, 16);
    return code < 128 ? String.fromCharCode(code) : whole;
  });
}
