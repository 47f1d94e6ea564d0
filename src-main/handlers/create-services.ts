import { availableParallelism, totalmem } from 'node:os';
import type { Jobs } from '#jobs/queue-types';
import { nodeBinary } from '#jobs/node-binary';
import type { About } from '#contract/files';
import { arrivalsIn } from './arrivals.ts';
import { clearArrivals } from './clear-arrivals.ts';
import { methodService } from './method-service.ts';
import { pathGuard } from './path-guard.ts';
import { projectService } from './project-service.ts';
import { expectations } from './expectations.ts';
import { recentProjects } from './recent-projects.ts';
import { resultService } from './result-service.ts';
import { runService } from './run-service.ts';
import { sampleFolder, sampleStudy } from './sample-study.ts';
import type { Dialogs, NoticeChoice, Services } from './services.ts';
import { sideProcess } from './side-process.ts';
import { storageService } from './storage-service.ts';
import { studyService } from './study-service.ts';

/** In what the fronts differ. */
export interface Front {
  readonly front: About['front'];
  readonly version: string;
  /** Folders that the window may name; null for every path. */
  readonly roots: readonly string[] | null;
  readonly dialogs: Dialogs | null;
  /** Folder for files that are dropped on a page in a browser; without it none are taken. */
  readonly arrivalsFolder?: string;
  readonly notices?: NoticeChoice;
  /** Folder of the resources that ship with the application. */
  readonly resources: string;
  /** Where projects go unless a person says otherwise. */
  readonly projectDirectory: string;
  /** File that remembers the projects opened last. */
  readonly recentFile: string;
  /** Entry of the side process (`inspect-process`). */
  readonly sideEntry: string;
  readonly jobs: Jobs;
}

/** The services behind the handlers, with everything real. Throws if a root does not exist. */
export async function createServices(front: Front): Promise<Services> {
  const side = sideProcess({ nodePath: nodeBinary(), entry: front.sideEntry });
  const recent = recentProjects(front.recentFile);
  if (front.arrivalsFolder !== undefined) await clearArrivals(front.arrivalsFolder, front.projectDirectory, recent);
  const studies = studyService(side);
  side.warmUp(); // the first thing a person does is to look into a file
  return {
    about: {
      version: front.version,
      front: front.front,
      platform: process.platform,
      threads: availableParallelism(),
      memoryBytes: totalmem(),
      projectDirectory: front.projectDirectory,
    },
    paths: await pathGuard(front.roots, front.roots === null ? [] : [sampleFolder(front.resources)]),
    dialogs: front.dialogs,
    arrivals: front.arrivalsFolder === undefined ? null : arrivalsIn(front.arrivalsFolder),
    notices: front.notices ?? null,
    sample: sampleStudy(front.resources),
    studies,
    methods: methodService(),
    projects: projectService(front.jobs, recent, side),
    runs: runService(front.jobs, side, expectations(recent, studies)),
    results: resultService(side),
    storage: storageService(recent),
  };
}
