import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ProjectSummary } from '#contract/files';
import type { Jobs } from '#jobs/queue-types';
import { importProject } from '#store/archive';
import { createProject, openProjectReadOnly, type ProjectReader } from '#store/project';
import { projectGlance } from './project-glance.ts';
import type { RecentProjects } from './recent-projects.ts';
import type { ProjectService } from './services.ts';
import type { SideProcess } from './side-process.ts';
import { takeUpQueue } from './take-up-queue.ts';

/** Packing reads every array of the project and says nothing before the end. */
const exportSeconds = 3600;

/** Projects: opening one also takes over its queue, so that what waited goes on. */
export function projectService(jobs: Jobs, recent: RecentProjects, side: SideProcess): ProjectService {
  async function opened(project: ProjectReader): Promise<ProjectSummary> {
    const { name, createdAt } = project.info();
    const { path } = project;
    project.close();
    const usedElsewhere = !takeUpQueue(jobs, path);
    await recent.add({ path, name });
    return { path, name, createdAt: new Date(createdAt).toISOString(), usedElsewhere };
  }

  return {
    create: async (directory, name) => opened(createProject(join(directory, folderName(name)), { name })),
    open: async (path) => opened(openProjectReadOnly(path)),
    recent: () => recent.list(),
    glance: projectGlance,
    async import(archive, directory) {
      const folder = join(directory, folderName(basename(archive).replace(/(\.cpx)?\.zip$/i, '')));
      await importProject(archive, folder);
      return opened(openProjectReadOnly(folder));
    },
    async export(path, directory) {
      await mkdir(directory, { recursive: true });
      const archive = freeName(directory, basename(path).replace(/\.cpx$/i, ''));
      await side.ask({ kind: 'archive', projectPath: path, archive }, { about: path, seconds: exportSeconds });
      return { archive, sizeBytes: (await stat(archive)).size };
    },
  };
}

/** `Name.cpx.zip`, or `Name 2.cpx.zip` where there is one. */
function freeName(directory: string, name: string): string {
  for (let number = 1; ; number++) {
    const path = join(directory, `${name}${number === 1 ? '' : ` ${number}`}.cpx.zip`);
    if (!existsSync(path)) return path;
  }
}

/** The folder of a project: its name without what some system does not allow in a file name, and `.cpx`. */
export function folderName(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[\p{Cc}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .slice(0, 80)
    .trimEnd();
  return `${safe === '' ? 'Project' : safe}.cpx`;
}
