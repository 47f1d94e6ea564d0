import type { Why } from '#contract/result-data';
import { openProjectReadOnly, type ProjectReader } from '#store/project';
import type { DeterminantFeature } from '#core/interpret/determinant-feature';
import { columnsOfRun, columnValues } from './cell-columns.ts';
import { ColumnCache } from './column-cache.ts';
import { featureValues, findFeatures, type FeatureColumns, readFeatureColumns } from './feature-columns.ts';
import { heatmapRanks, heatmapTile, labelMeans } from './heatmap-tile.ts';
import type { ResultService } from './services.ts';
import type { SideProcess } from './side-process.ts';
import type { RunDocuments } from '#compute/run-record';
import { AppError } from '#core/base/app-error';

/** An explanation looks for neighbours among all reference cells. */
const whySeconds = 120;

interface Known {
  readonly columns: FeatureColumns | string;
  readonly cache: ColumnCache;
  /** Made when first asked for. */
  labels: Promise<CellLabels> | null;
  /** [cells] along the heatmap, for the order of labels asked for last. */
  ranks: { readonly order: string; readonly cells: Promise<Uint32Array> } | null;
}

/** What the explorers of a result ask for. Of the run looked at last, the places of its features are kept in memory. */
export function resultService(side: SideProcess): ResultService {
  let latest: { readonly key: string; readonly known: Promise<Known> } | null = null;

  /** A finished result never changes, so it is looked at once. */
  function knownOf(projectPath: string, runId: string): Promise<Known> {
    const key = JSON.stringify([projectPath, runId]);
    if (latest?.key === key) return latest.known;
    const known = look(projectPath, async (project) => ({
      columns: await readFeatureColumns(project, runId),
      cache: new ColumnCache(),
      labels: null,
      ranks: null,
    }));
    latest = { key, known };
    known.catch(() => {
      if (latest?.key === key) latest = null;
    });
    return known;
  }
  async function columnsOf(projectPath: string, runId: string): Promise<FeatureColumns> {
    const { columns } = await knownOf(projectPath, runId);
    if (typeof columns === 'string') throw new AppError('request.no-feature-values', { reason: columns });
    return columns;
  }

  return {
    async features({ projectPath, runId, text, limit }) {
      const { columns } = await knownOf(projectPath, runId);
      if (typeof columns === 'string') return { kept: false, reason: columns, total: 0, names: [] };
      return findFeatures(columns, text, limit);
    },
    async featureValues({ projectPath, runId, feature }) {
      const columns = await columnsOf(projectPath, runId);
      return look(projectPath, (project) => featureValues(project, columns, feature));
    },
    columns: (projectPath, runId) => look(projectPath, async (project) => columnsOfRun(project, runId)),
    columnValues: ({ projectPath, runId, column }) =>
      look(projectPath, (project) => columnValues(project, runId, column)),
    markers: (projectPath, runId) =>
      look(projectPath, async (project) => project.runDocument(runId, 'markers') as readonly DeterminantFeature[]),
    async heatmap({ projectPath, runId, ...tile }) {
      const columns = await columnsOf(projectPath, runId);
      const known = await knownOf(projectPath, runId);
      return look(projectPath, async (project) => {
        const order = (tile.labels ?? []).join();
        if (known.ranks?.order !== order) {
          known.labels ??= readLabels(project, runId);
          const cells = known.labels.then((found) => heatmapRanks(found.predicted, found.confidence, tile.labels));
          known.ranks = { order, cells };
        }
        return heatmapTile(project, columns, known.cache, await known.ranks.cells, tile);
      });
    },
    async labelMeans({ projectPath, runId, features }) {
      const columns = await columnsOf(projectPath, runId);
      const known = await knownOf(projectPath, runId);
      return look(projectPath, async (project) => {
        known.labels ??= readLabels(project, runId);
        const { predicted, labels } = await known.labels;
        return labelMeans(project, columns, known.cache, { features, predicted, labels });
      });
    },
    why: async (question) =>
      (await side.ask({ kind: 'why', ...question }, { about: question.projectPath, seconds: whySeconds })) as Why,
  };
}

interface CellLabels {
  readonly predicted: Int32Array;
  readonly confidence: Float32Array;
  /** How many labels there are. */
  readonly labels: number;
}

async function readLabels(project: ProjectReader, runId: string): Promise<CellLabels> {
  const predicted = Int32Array.from((await project.readRunArray(runId, 'query/predicted')).values);
  const confidence = Float32Array.from((await project.readRunArray(runId, 'query/confidence')).values);
  const { labels } = project.runDocument(runId, 'cells') as RunDocuments['cells'];
  return { predicted, confidence, labels: labels.length };
}

async function look<T>(projectPath: string, question: (project: ProjectReader) => Promise<T>): Promise<T> {
  const project = openProjectReadOnly(projectPath);
  try {
    return await question(project);
  } finally {
    project.close();
  }
}
