import type { AnnotationRequestInput } from './annotation-request.ts';
import type { RunSummary } from './run-result.ts';

export interface About {
  readonly version: string;
  readonly front: 'desktop' | 'browser';
  /** `process.platform` of the machine that computes. */
  readonly platform: string;
  readonly threads: number;
  readonly memoryBytes: number;
  /** Where projects go unless a person says otherwise. */
  readonly projectDirectory: string;
}

/** A folder of the machine that computes, as the browser front shows it. */
export interface Folder {
  /** Null for the list of roots. */
  readonly path: string | null;
  /** Null if the list of roots lies above, or nothing. */
  readonly parent: string | null;
  /** Folders and projects first, then files, by name. Hidden entries are left out. */
  readonly entries: readonly FolderEntry[];
  /** Entries beyond the number that is listed. */
  readonly omitted: number;
}

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'project';
  readonly sizeBytes: number | null;
  /** ISO 8601, UTC. */
  readonly modifiedAt: string | null;
}

export interface ProjectSummary {
  readonly path: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Another program computes in this project: its results can be seen, runs cannot be started here. */
  readonly usedElsewhere: boolean;
}

export interface RecentProject {
  readonly path: string;
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly openedAt: string;
  /** False if the folder is no longer there. */
  readonly present: boolean;
}

/** The sample study as a request that can be started as it is. */
export interface SampleStudy {
  readonly title: string;
  readonly request: AnnotationRequestInput;
}

/** What the list of projects shows of one. */
export interface ProjectGlance {
  readonly runs: number;
  /** The run made last; null if there is none. */
  readonly last: RunSummary | null;
  /** The map of the latest finished run that has one. */
  readonly thumbnail: Thumbnail | null;
}

export interface Thumbnail {
  readonly labels: readonly string[];
  /** [cells, 2] row by row, 0 … 1; some hundred query cells, evenly drawn. */
  readonly places: Float32Array;
  /** [cells] points into `labels`. */
  readonly predicted: Int32Array;
}
