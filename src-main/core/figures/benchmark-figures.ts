import { type BenchmarkScore, type Measure, measureTitles } from '../assess/benchmark-score.ts';
import { distinct, isCompared, spreadOf } from '../assess/benchmark-tables.ts';
import { sensitivityFigures } from './benchmark-sensitivity.ts';
import { barValues, meanOf, meanOverPairs, measureAxis, slug } from './benchmark-bars.ts';
import type { BarFigure, BoxFigure, FigureData } from './figure-data.ts';
import { neutralColour } from './label-colours.ts';
import { palette } from './palette.ts';

const seedNote = 'Bars: mean over the seeds; lines across their ends: standard deviation.';
const pairNote = 'Bars: mean over the pairs of their means over seeds; lines across their ends: standard deviation.';

/**
 * The figures of a benchmark, as far as its scores have something to show: grouped bars per pair, boxes over the directions
 * of each study, detection of novel labels, rare labels, representations of the input, ablations, sensitivity to varied
 * settings, key gene hits per label, run time and memory. The same method has the same colour in all of them.
 */
export function benchmarkFigures(scores: readonly BenchmarkScore[]): FigureData[] {
  const main = scores.filter(isCompared);
  const colours = methodColours(main);
  return [
    ...(['accuracy', 'macro_f1'] as const).flatMap((measure) => [
      ...barsPerPair(main, colours, measure),
      ...boxesPerStudy(main, colours, measure),
    ]),
    ...noveltyFigures(main, colours),
    ...rareFigures(main, colours),
    ...representationFigures(main, colours),
    ...ablationFigures(scores),
    ...sensitivityFigures(scores),
    ...keyGeneFigures(main, colours),
    ...costFigures(main),
  ];
}

/** A colour for each method, in the order of the file. */
function methodColours(scores: readonly BenchmarkScore[]): ReadonlyMap<string, string> {
  return new Map(
    distinct(scores.map(({ method }) => method)).map((method, i) => [method, palette[i % palette.length]!]),
  );
}

function barsPerPair(
  scores: readonly BenchmarkScore[],
  colours: ReadonlyMap<string, string>,
  measure: Measure,
): BarFigure[] {
  const pairs = distinct(scores.map(({ pair }) => pair));
  if (pairs.length === 0) return [];
  return [
    {
      ...{ kind: 'bars', id: `bars-${slug(measure)}`, title: `${measureTitles[measure]} of each method on each pair` },
      footnotes: ['On cells of shared labels, by the most probable label.', seedNote],
      ...{ categories: pairs, categoryTitle: 'Pair', value: measureAxis(measure), legendTitle: 'Method' },
      series: [...colours].map(([method, colour]) => ({
        name: method,
        colour,
        ...barValues(
          pairs.map((pair) =>
            meanOf(
              scores.filter((score) => score.pair === pair && score.method === method),
              measure,
            ),
          ),
        ),
      })),
    },
  ];
}

function boxesPerStudy(
  scores: readonly BenchmarkScore[],
  colours: ReadonlyMap<string, string>,
  measure: Measure,
): BoxFigure[] {
  const studies = distinct(scores.map(({ study }) => study));
  const numbers = (study: string, method: string): number[] =>
    scores.flatMap((score) => {
      const value = score.measures[measure];
      return score.study === study && score.method === method && value !== null ? [value] : [];
    });
  if (!studies.some((study) => [...colours.keys()].some((method) => numbers(study, method).length > 1))) return [];
  return [
    {
      ...{ kind: 'boxes', id: `boxes-${slug(measure)}` },
      title: `${measureTitles[measure]} over the directions of each study`,
      footnotes: ['Every pair and seed is a dot. Boxes: quartiles and median; lines: lowest to highest.'],
      ...{ categories: studies, categoryTitle: 'Study', value: measureAxis(measure), legendTitle: 'Method' },
      series: [...colours].map(([method, colour]) => ({
        name: method,
        colour,
        values: studies.map((study) => numbers(study, method)),
      })),
    },
  ];
}

/** A figure per pair with novel labels. */
function noveltyFigures(scores: readonly BenchmarkScore[], colours: ReadonlyMap<string, string>): BarFigure[] {
  const shown = ['accuracy', 'overall_accuracy', 'novelty_auroc', 'novelty_aupr', 'oscr'] as const;
  const pairs = distinct(scores.filter(({ measures }) => measures.novelty_auroc !== null).map(({ pair }) => pair));
  return pairs.map((pair) => ({
    ...{ kind: 'bars', id: `novelty-${slug(pair)}`, title: `Labels that the reference lacks: ${pair}` },
    footnotes: ['Novel cells are told by low confidence: 1 − the largest probability.', seedNote],
    categories: shown.map((measure) => measureTitles[measure]),
    categoryTitle: 'Measure',
    value: { title: 'Score', unit: null, format: 'number' },
    legendTitle: 'Method',
    series: [...colours].map(([method, colour]) => {
      const own = scores.filter((score) => score.pair === pair && score.method === method);
      return { name: method, colour, ...barValues(shown.map((measure) => meanOf(own, measure))) };
    }),
  }));
}

function rareFigures(scores: readonly BenchmarkScore[], colours: ReadonlyMap<string, string>): BarFigure[] {
  const shown = (['rare_f1_below_10', 'rare_f1_below_5', 'rare_f1_below_3', 'rare_f1_below_1'] as const).filter(
    (measure) => scores.some(({ measures }) => measures[measure] !== null),
  );
  if (shown.length === 0) return [];
  const pairs = shown.map((measure) => {
    const having = distinct(scores.filter(({ measures }) => measures[measure] !== null).map(({ pair }) => pair));
    return `${/\d+ %/.exec(measureTitles[measure])![0]}: ${having.length}`;
  });
  return [
    {
      ...{ kind: 'bars', id: 'rare-labels', title: 'F1 of rare labels' },
      footnotes: [
        `Labels by their share of the query's true cells. Pairs with labels under ${pairs.join(', ')}.`,
        pairNote,
      ],
      categories: shown.map((measure) => measureTitles[measure]),
      categoryTitle: 'Labels',
      value: { title: 'Mean F1', unit: null, format: 'number' },
      legendTitle: 'Method',
      series: [...colours].map(([method, colour]) => {
        const own = scores.filter((score) => score.method === method);
        return { name: method, colour, ...barValues(shown.map((measure) => meanOverPairs(own, measure))) };
      }),
    },
  ];
}

/** A figure per study whose pairs differ in what their features are. */
function representationFigures(scores: readonly BenchmarkScore[], colours: ReadonlyMap<string, string>): BarFigure[] {
  return distinct(scores.map(({ study }) => study)).flatMap((study) =>
    (['accuracy', 'macro_f1'] as const).flatMap((measure): BarFigure[] => {
      const here = scores.filter((score) => score.study === study && score.representation !== null);
      const kinds = distinct(here.map(({ representation }) => representation!));
      if (kinds.length < 2) return [];
      return [
        {
          ...{ kind: 'bars', id: `representation-${slug(study)}-${slug(measure)}` },
          title: `What the features are: ${study}`,
          footnotes: [pairNote],
          ...{ categories: kinds, categoryTitle: 'Features', value: measureAxis(measure), legendTitle: 'Method' },
          series: [...colours].map(([method, colour]) => ({
            name: method,
            colour,
            ...barValues(
              kinds.map((kind) =>
                meanOverPairs(
                  here.filter((score) => score.representation === kind && score.method === method),
                  measure,
                ),
              ),
            ),
          })),
        },
      ];
    }),
  );
}

/** A figure per method of which parts were left out. */
function ablationFigures(scores: readonly BenchmarkScore[]): BarFigure[] {
  const shown = ['accuracy', 'macro_f1'] as const;
  return distinct(scores.flatMap(({ ablates }) => (ablates === null ? [] : [ablates]))).map((whole) => {
    const variants = [
      whole,
      ...distinct(scores.filter(({ ablates }) => ablates === whole).map(({ method }) => method)),
    ];
    return {
      ...{ kind: 'bars', id: `ablation-${slug(whole)}`, title: `What the parts of ${whole} do` },
      footnotes: [pairNote],
      ...{ categories: variants, categoryTitle: 'Variant', value: { title: 'Score', unit: null, format: 'number' } },
      legendTitle: 'Measure',
      series: shown.map((measure, i) => ({
        name: measureTitles[measure],
        colour: palette[i]!,
        ...barValues(
          variants.map((variant) =>
            meanOverPairs(
              scores.filter(({ method }) => method === variant),
              measure,
            ),
          ),
        ),
      })),
    };
  });
}

/** A figure per pair on which a method names the features that decided. */
function keyGeneFigures(scores: readonly BenchmarkScore[], colours: ReadonlyMap<string, string>): BarFigure[] {
  const pairs = distinct(scores.filter(({ keyGenes }) => keyGenes.length > 0).map(({ pair }) => pair));
  return pairs.map((pair) => {
    const here = scores.filter((score) => score.pair === pair && score.keyGenes.length > 0);
    const labels = distinct(here.flatMap(({ keyGenes }) => keyGenes.map(({ label }) => label))).sort();
    const rates = (of: readonly BenchmarkScore[], what: 'rate' | 'expectedRate') =>
      barValues(
        labels.map((label) =>
          spreadOf(
            of.flatMap(({ keyGenes }) =>
              keyGenes.flatMap((one) => (one.label === label && one[what] !== null ? [one[what]] : [])),
            ),
          ),
        ),
        2,
      );
    return {
      ...{ kind: 'bars', id: `key-genes-${slug(pair)}`, title: `Key gene hit rate per label: ${pair}` },
      footnotes: [
        'Share of the 20 features that differ most between the true cells of a label and the others in the query which are among the 50 determinant features of the label; chance: as many random features.',
        seedNote,
      ],
      ...{ categories: labels, categoryTitle: 'Label', legendTitle: 'Method' },
      value: { title: 'Key gene hit rate', unit: null, format: 'number' },
      series: [
        ...[...colours].flatMap(([method, colour]) => {
          const own = here.filter((score) => score.method === method);
          return own.length === 0 ? [] : [{ name: method, colour, ...rates(own, 'rate') }];
        }),
        { name: 'Chance', colour: neutralColour, ...rates(here, 'expectedRate') },
      ],
    };
  });
}

/** Run time and memory per method, mean over all runs. */
function costFigures(scores: readonly BenchmarkScore[]): BarFigure[] {
  const methods = distinct(scores.map(({ method }) => method));
  if (methods.length === 0) return [];
  const per = (value: (score: BenchmarkScore) => number, digits: number) =>
    barValues(
      methods.map((method) => spreadOf(scores.filter((score) => score.method === method).map(value))),
      digits,
    );
  const note = 'Bars: mean over all runs; lines across their ends: standard deviation.';
  const common = { kind: 'bars', categories: methods, categoryTitle: 'Method' } as const;
  return [
    {
      ...{ ...common, id: 'run-time', title: 'Run time', legendTitle: 'Stage', footnotes: [note] },
      value: { title: 'Wall time', unit: 's', format: 'number' },
      series: [
        { name: 'Preparing', colour: palette[4]!, ...per(({ seconds }) => seconds.prepare, 1) },
        { name: 'Training', colour: palette[0]!, ...per(({ seconds }) => seconds.train, 1) },
        { name: 'Predicting', colour: palette[1]!, ...per(({ seconds }) => seconds.predict, 1) },
      ],
    },
    {
      ...{ ...common, id: 'memory', title: 'Peak memory', legendTitle: '', footnotes: [note] },
      value: { title: 'Peak resident memory', unit: 'MiB', format: 'number' },
      series: [{ name: 'Memory', colour: palette[2]!, ...per(({ peakBytes }) => peakBytes / 2 ** 20, 0) }],
    },
  ];
}
