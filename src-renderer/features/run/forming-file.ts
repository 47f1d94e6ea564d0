import type { ChartTheme } from '#charts/chart-theme';
import type { ChartFile } from '#charts/export/chart-file';
import { type Mark, marksSvg } from '#charts/export/marks';
import { figureSvg } from '#charts/figure-svg';
import type { RunEvent } from '#contract/run-events';
import { lossFigure } from '#core/figures/loss-figure';
import type { TermCurve } from '../../state/term-curves.ts';
import { count, counted } from '../../ui/format.ts';
import { confidenceBars, groupsOf } from './forming.ts';

type View = Extract<RunEvent, { kind: 'forming' }>;

interface Look {
  readonly background: string;
  readonly theme: ChartTheme;
}

/** The loss terms so far, in one picture; and a row per step with every term, weighted as it enters the total. */
export function lossFile(curves: readonly TermCurve[], { theme }: Pick<Look, 'theme'>): ChartFile {
  const steps = [...new Set(curves.flatMap((curve) => curve.steps))].sort((a, b) => a - b);
  const placeOf = new Map(steps.map((step, place) => [step, place]));
  const terms = curves.map(({ name, steps: own, values }) => {
    const all = new Array<number>(steps.length).fill(Number.NaN);
    own.forEach((step, i) => (all[placeOf.get(step)!] = values[i]!));
    return [name, all] as const;
  });
  return {
    name: 'loss-curves',
    svg: () => figureSvg(lossFigure(steps, Object.fromEntries(terms)), { theme }),
    table: () => ({
      columns: ['step', ...terms.map(([name]) => name)],
      rows: steps.map((step, place) => [
        step,
        ...terms.map(([, values]) => (Number.isFinite(values[place]) ? values[place]! : null)),
      ]),
    }),
  };
}

const [SIDE, EDGE, LINE, DOT] = [420, 16, 19, 3] as const;

/** The embedding as it forms: a dot per cell, and the labels with their cells. */
export function formingFile(view: View, colourOf: (label: number) => string, { background, theme }: Look): ChartFile {
  const { places, predicted, confidence, labels, step } = view;
  const title = `Forming embedding after step ${count(step)}`;
  const groups = groupsOf(view, 1);
  const at = (thousandths: number): number => EDGE + ((thousandths + 1000) / 2000) * (SIDE - 2 * EDGE);
  const dots = groups.flatMap(({ label }): Mark[] =>
    predicted.flatMap((own, cell) => {
      if (own !== label) return [];
      const [x, y] = [at(places[2 * cell]!) - DOT, at(-places[2 * cell + 1]!) - DOT];
      return [{ kind: 'rect', x, y, width: 2 * DOT, height: 2 * DOT, fill: colourOf(label), round: true } as const];
    }),
  );
  const legend = groups.flatMap(({ label, cells }, row): Mark[] => {
    const y = EDGE + (row + 1.5) * LINE;
    return [
      { kind: 'rect', x: SIDE, y: y - 5, width: 10, height: 10, fill: colourOf(label), round: true },
      { kind: 'text', x: SIDE + 16, y, text: `${labels[label]!} (${count(cells)})`, px: 12, fill: theme.text },
    ];
  });
  const head: Mark = {
    kind: 'text',
    x: SIDE,
    y: EDGE,
    text: `Step ${count(step)}`,
    px: 13,
    fill: theme.text,
    bold: true,
  };
  return {
    name: 'forming-embedding',
    svg: () =>
      marksSvg([...dots, head, ...legend], {
        ...{ width: SIDE + 220, height: Math.max(SIDE, 2 * EDGE + (groups.length + 1) * LINE) },
        ...{ title, background, fontFamily: theme.fontFamily },
      }),
    table: () => ({
      columns: ['cell of the sample', 'x', 'y', 'most probable label', 'confidence before calibration'],
      rows: predicted.map((label, cell) => [
        cell + 1,
        places[2 * cell]! / 1000,
        places[2 * cell + 1]! / 1000,
        labels[label]!,
        confidence[cell]! / 1000,
      ]),
    }),
  };
}

/** How sure the network is of the sample so far: cells per twentieth of the confidence. */
export function confidenceSoFarFile(view: View, bar: string, { background, theme }: Look): ChartFile {
  const bars = confidenceBars(view.confidence);
  const title = `Confidence of ${counted(view.confidence.length, 'query cell')} after step ${count(view.step)}`;
  const [width, plot, top] = [480, 150, 44];
  const most = Math.max(1, ...bars);
  const wide = (width - 2 * EDGE) / bars.length;
  const words = (x: number, text: string, align: 'start' | 'middle' | 'end'): Mark => {
    return { kind: 'text', x, y: top + plot + 15, text, px: 12, fill: theme.text, align };
  };
  const marks: Mark[] = [
    { kind: 'text', x: EDGE, y: EDGE + 6, text: title, px: 13, fill: theme.text, bold: true },
    ...bars.map((cells, bin): Mark => {
      const height = (plot * cells) / most;
      return {
        kind: 'rect',
        x: EDGE + (bin + 0.06) * wide,
        y: top + plot - height,
        width: 0.88 * wide,
        height,
        fill: bar,
      };
    }),
    { kind: 'rect', x: EDGE, y: top + plot, width: width - 2 * EDGE, height: 1, fill: theme.line },
    words(EDGE, '0 %', 'start'),
    words(width / 2, 'Confidence, before calibration', 'middle'),
    words(width - EDGE, '100 %', 'end'),
  ];
  return {
    name: 'confidence-so-far',
    svg: () => marksSvg(marks, { width, height: top + plot + 30, title, background, fontFamily: theme.fontFamily }),
    table: () => ({
      columns: ['Confidence from', 'Confidence to', 'Query cells'],
      rows: bars.map((cells, bin) => [bin / bars.length, (bin + 1) / bars.length, cells]),
    }),
  };
}
