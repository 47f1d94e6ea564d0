import { join } from 'node:path';
import { AppError } from '#core/base/app-error';
import type { ProjectSummary } from '#contract/files';
import type { Jobs } from '#jobs/queue-types';
import { createProject, openProjectReadOnly, type ProjectReader } from '#store/project';
import type { RecentProjects } from './recent-projects.ts';
import type { ProjectService } from './services.ts';

/** Projects: opening one also takes over its queue, so that what waited goes on. */
export function projectService(jobs: Jobs, recent: RecentProjects): ProjectService {
  async function opened(project: ProjectReader): Promise<ProjectSummary> {
    const { name, createdAt } = project.info();
    const { path } = project;
    project.close();
    const usedElsewhere = !attach(path);
    await recent.add({ path, name });
    return { path, name, createdAt: new Date(createdAt).toISOString(), usedElsewhere };
  }

  /** False if another program has the queue: the project can still be looked at. */
  function attach(path: string): boolean {
    try {
      jobs.attach(path);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'project.in-use') return false;
      throw error;
    }
  }

  return {
    create: async (directory, name) => opened(createProject(join(directory, folderName(name)), { name })),
    open: async (path) => opened(openProjectReadOnly(path)),
    recent: () => recent.list(),
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
