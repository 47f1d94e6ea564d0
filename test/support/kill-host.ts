/*
 * An application in miniature for the kill tests: opens a project's queue, starts a run or resumes the one named, and ends
 * when nothing is left to do. The test kills it, its compute process, or both.
 * Prints the number of each compute process and every event, one JSON value per line.
 * Arguments: project, request as JSON, id of the run to resume or '', path of the runner, steps between checkpoints.
 */
import { AnnotationRequest } from '#contract/annotation-request';
import { forkCompute } from '#jobs/compute-child';
import { JobQueue } from '#jobs/queue';

const [project, request, resumed, runner, every] = process.argv.slice(2) as [string, string, string, string, string];
const start = forkCompute({ args: runner === '' ? [] : ['--runner', runner] });
const queue = new JobQueue({
  startCompute(listeners) {
    const child = start(listeners);
    process.stdout.write(`${JSON.stringify({ pid: child.pid })}\n`);
    return child;
  },
  checkpoints: { every: Number(every), minIntervalMs: 0 },
});
queue.onEvent((event) => process.stdout.write(`${JSON.stringify(event)}\n`));
queue.attach(project);
if (resumed === '') queue.start(project, AnnotationRequest.parse(JSON.parse(request)));
else queue.resume(project, resumed);
await queue.idle();
await queue.close();
