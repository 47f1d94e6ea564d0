import type { Mark } from '../export/marks.ts';

/** Marks on a canvas. Images and scales belong to files only: a screen has its own. */
export function paintMarks(context: CanvasRenderingContext2D, marks: readonly Mark[], fontFamily: string): void {
  for (const mark of marks) {
    if (mark.kind === 'rect') {
      context.fillStyle = mark.fill;
      context.fillRect(mark.x, mark.y, mark.width, mark.height);
    } else if (mark.kind === 'text') {
      context.font = `${mark.bold ? '600 ' : ''}${mark.px}px ${fontFamily}`;
      context.textBaseline = 'middle';
      context.textAlign = mark.align === 'middle' ? 'center' : (mark.align ?? 'start');
      context.fillStyle = mark.fill;
      context.fillText(mark.text, mark.x, mark.y);
    } else if (mark.kind === 'within') {
      context.save();
      context.beginPath();
      context.rect(mark.box.x, mark.box.y, mark.box.width, mark.box.height);
      context.clip();
      paintMarks(context, mark.marks, fontFamily);
      context.restore();
    } else throw new RangeError(`paintMarks: ${mark.kind} is not for screens`);
  }
}
