import type { EChartsOption } from 'echarts';
import type { FigureData } from '#core/figures/figure-data';
import { type ChartTheme, type ThemeName, themes } from './chart-theme.ts';
import { init } from './echarts.ts';
import { type ClickedPart, type FigurePick, pickOf } from './figure-pick.ts';
import { figureSize } from './figure-size.ts';
import { figureSvg, PX_PER_MM } from './figure-svg.ts';
import { frameHeight, type Size } from './frame.ts';
import { optionOf } from './option-of.ts';

export interface MountedChart {
  /** Draws a figure in place of the one before, at the next frame; of several within a frame only the last is drawn. */
  show(figure: FigureData, theme: ThemeName): void;
  /** What is shown as a file, in the same size and colours, with title and footnotes written in it. */
  svg(): string;
  dispose(): void;
}

/**
 * A drawing in an element of a page, drawn afresh at every size of the element.
 *
 * Title and footnotes are left to the page, which can be read aloud and searched.
 *
 * @param height 'element' fills the element as high as it is; 'content' makes the drawing as high as the figure needs
 * @param onpick told of a click on a field of a matrix or a part of a river; without it the drawing does not react
 */
export function mountChart(
  box: HTMLElement,
  height: 'element' | 'content',
  onpick?: (pick: FigurePick) => void,
): MountedChart {
  const chart = init(box, null, { renderer: 'canvas' });
  if (onpick !== undefined)
    chart.on('click', (part) => {
      const pick = shown === null ? null : pickOf(shown.figure, part as ClickedPart);
      if (pick !== null) onpick(pick);
    });
  let shown: { figure: FigureData; theme: ThemeName } | null = null;
  let frame = 0;

  function draw(): void {
    frame = 0;
    if (shown === null) return;
    const figure = { ...shown.figure, title: '', footnotes: [] };
    const theme = screenTheme(box, shown.theme);
    const size = height === 'element' ? elementSize(box) : contentSize(figure, theme, box);
    chart.resize(size);
    const option = optionOf(figure, theme, size);
    chart.setOption(onpick === undefined ? option : listening(option), { notMerge: true });
  }
  function schedule(): void {
    frame ||= requestAnimationFrame(draw);
  }

  let width = 0;
  let tall = 0;
  const watcher = new ResizeObserver(() => {
    const size = elementSize(box);
    if (size.width === width && (height === 'content' || size.height === tall)) return;
    width = size.width;
    tall = size.height;
    schedule();
  });
  watcher.observe(box);

  return {
    show(figure, theme) {
      shown = { figure, theme };
      schedule();
    },
    svg() {
      if (shown === null) throw new Error('svg: the chart shows nothing yet');
      const { figure } = shown;
      const theme = screenTheme(box, shown.theme);
      if (height === 'content')
        return figureSvg(figure, { theme, widthMm: contentSize(figure, theme, box).width / PX_PER_MM });
      const { width, height: plain } = elementSize(box);
      const words =
        frameHeight(figure, theme, width) - frameHeight({ ...figure, title: '', footnotes: [] }, theme, width);
      return figureSvg(figure, { theme, widthMm: width / PX_PER_MM, heightMm: (plain + words) / PX_PER_MM });
    },
    dispose() {
      cancelAnimationFrame(frame);
      watcher.disconnect();
      chart.dispose();
    },
  };
}

/** The same, whose parts can be clicked. */
function listening(option: EChartsOption): EChartsOption {
  const series = [option.series ?? []].flat();
  return { ...option, series: series.map((one) => ({ ...one, silent: false })) };
}

/** Letters of a chart on a screen, as a share of the page's own letters. */
const letters = { fontPx: 0.8, titlePx: 0.94, notePx: 0.72 };

/** As the figures of a paper, in the colours of the surface around it and in letters that grow with the page's. */
function screenTheme(box: HTMLElement, name: ThemeName): ChartTheme {
  const theme = themes[name];
  const surface = getComputedStyle(box).getPropertyValue('--surface').trim();
  const page = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const sizes = Object.entries(letters).map(([name, share]) => [name, Math.round(share * page)] as const);
  return { ...theme, ...Object.fromEntries(sizes), background: surface === '' ? theme.background : surface };
}

function elementSize(box: HTMLElement): Size {
  return { width: Math.max(box.clientWidth, 120), height: Math.max(box.clientHeight, 120) };
}

/** As wide as the element, wider only where the figure could not be read otherwise; then the element scrolls. */
function contentSize(figure: FigureData, theme: ChartTheme, box: HTMLElement): Size {
  const least = figureSize(figure, theme);
  const { width } = elementSize(box);
  return width >= least.width ? figureSize(figure, theme, width) : least;
}
