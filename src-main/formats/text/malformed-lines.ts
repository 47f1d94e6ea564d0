import { ownText } from './own-text.ts';

/** One line that could not be read. */
export interface MalformedLine {
  /** Counted from 1. */
  readonly line: number;
  /** The line, cut after 200 characters. */
  readonly text: string;
  /** What is wrong, to follow "line 3: ". */
  readonly reason: string;
}

/**
 * The largest share of malformed lines with which a file is still read. A broken transfer, two files joined in the
 * middle of a line or a stray header damage single lines; where one line in twenty is wrong, the columns
 * themselves are others than thought, and what still parses would be wrong too.
 */
export const mostMalformed = 0.05;

const keptExamples = 20;
const keptCharacters = 200;
/** Reasons quote what they found, which may be something else on every line. */
const mostReasons = 100;

/** The lines of a file that could not be read: all are counted, by what is wrong, and the first 20 are kept. */
export class MalformedLines {
  count = 0;
  readonly examples: MalformedLine[] = [];
  /** Reason → lines; above 100 reasons the further ones are counted together. */
  readonly byReason = new Map<string, number>();

  add(line: number, text: string, reason: string): void {
    this.count++;
    const counted = this.byReason.has(reason) || this.byReason.size < mostReasons ? reason : 'other reasons';
    this.byReason.set(counted, (this.byReason.get(counted) ?? 0) + 1);
    if (this.examples.length === keptExamples) return;
    const cut = text.length > keptCharacters ? `${text.slice(0, keptCharacters)}…` : text;
    this.examples.push({ line, text: ownText(cut), reason });
  }

  /** The report of a reading, with these lines in it. */
  report(of: Pick<LineReport, 'file' | 'lines' | 'read' | 'headers'>): LineReport {
    const { count, examples, byReason } = this;
    return { ...of, malformed: count, malformedLines: examples, malformedReasons: byReason };
  }

  /**
   * What makes the file unreadable: how many of its lines are malformed and the first of them, if they are more than
   * 5 % or leave nothing; null otherwise.
   *
   * @param valid lines that were read
   */
  verdict(valid: number): MalformedVerdict | null {
    if (this.count === 0 || (valid > 0 && this.count <= mostMalformed * (this.count + valid))) return null;
    return { malformed: this.count, lines: this.count + valid, allowed: mostMalformed, first: this.examples[0]! };
  }
}

/** Details of the errors that refuse a file because of its malformed lines. */
export interface MalformedVerdict {
  readonly malformed: number;
  readonly lines: number;
  readonly allowed: number;
  readonly first: MalformedLine;
}

/** What a text file with one thing per line turned out to be. */
export interface LineReport {
  readonly file: string;
  /** Lines, those without data included, and how many of them were taken. */
  readonly lines: number;
  readonly read: number;
  /** Lines that say something about the others: comments, titles, what a browser should show. */
  readonly headers: readonly string[];
  /** Lines that could not be read; they were passed over. */
  readonly malformed: number;
  /** The first 20 of them. */
  readonly malformedLines: readonly MalformedLine[];
  /** Reason → lines. */
  readonly malformedReasons: ReadonlyMap<string, number>;
}
