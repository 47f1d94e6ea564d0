import { basename, join } from 'node:path';
import type { ProjectSummary } from '#contract/files';
import type { Jobs } from '#jobs/queue-types';
import { importProject } from '#store/archive';
import { createProject, openProjectReadOnly, type ProjectReader } from '#store/project';
import { projectGlance } from './project-glance.ts';
import type { RecentProjects } from './recent-projects.ts';
import type { ProjectService } from './services.ts';
import { takeUpQueue } from './take-up-queue.ts';

/** Projects: opening one also takes over its queue, so that what waited goes on. */
export function projectService(jobs: Jobs, recent: RecentProjects): ProjectService {
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
  };
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
