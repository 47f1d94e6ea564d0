import type { ProjectGlance, Thumbnail } from '#contract/files';
import type { RunDocuments } from '#compute/run-record';
import { openProjectReadOnly, type ProjectReader } from '#store/project';
import { summaryOf } from './run-summary.ts';

/** Cells in a thumbnail: enough to see groups. */
const SHOWN = 500;

/** What the list of projects shows of the project at `path`. Throws as opening it does. */
export async function projectGlance(path: string): Promise<ProjectGlance> {
  const project = openProjectReadOnly(path);
  try {
    const runs = project.runs();
    const drawn = runs.find(
      ({ id, status }) => status === 'finished' && project.runArrays(id).some(({ name }) => name === 'layout/umap'),
    );
    return {
      runs: runs.length,
      last: runs[0] === undefined ? null : summaryOf(runs[0], project),
      thumbnail: drawn === undefined ? null : await thumbnailOf(project, drawn.id),
    };
  } finally {
    project.close();
  }
}

async function thumbnailOf(project: ProjectReader, runId: string): Promise<Thumbnail> {
  const { labels } = project.runDocument(runId, 'cells') as RunDocuments['cells'];
  const predicted = (await project.readRunArray(runId, 'query/predicted')).values;
  const layout = (await project.readRunArray(runId, 'layout/umap')).values;
  const cells = predicted.length;
  const before = layout.length / 2 - cells; // cells of the reference come first
  const shown = Math.min(SHOWN, cells);
  const which = Array.from({ length: shown }, (_, i) => Math.floor((i * cells) / shown));
  const places = Float32Array.from(which.flatMap((cell) => [0, 1].map((k) => Number(layout[2 * (before + cell) + k]))));
  return { labels, places: withinOne(places), predicted: Int32Array.from(which, (cell) => Number(predicted[cell])) };
}

/** Moved and scaled, with the same measure in both directions, to lie in 0 … 1. */
function withinOne(places: Float32Array): Float32Array {
  const ranges = [0, 1].map((k) => {
    const values = places.filter((_, i) => i % 2 === k);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    return { low, high: values.reduce((a, b) => Math.max(a, b), -Infinity) };
  });
  const extent = Math.max(...ranges.map(({ low, high }) => high - low));
  return places.map((value, i) => {
    const { low, high } = ranges[i % 2]!;
    return extent > 0 ? 0.5 + (value - (low + high) / 2) / extent : 0.5;
  });
}
