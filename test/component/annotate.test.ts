import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '#contract/requests';
import { RequestError } from '../../src-renderer/api/request-error.ts';
import { expectAccessible } from './support/accessible.ts';
import { matchReport, method, report } from './support/generated-study.ts';
import { askedOf, renderApp, stubScreen } from './support/render-app.ts';

const draft = (repairs: readonly object[] = []) =>
  localStorage.setItem(
    'cellpredx.draft',
    JSON.stringify({
      version: 1,
      request: {
        reference: [{ path: '/d/a.h5ad', repairs }],
        query: [{ path: '/d/b.h5ad', repairs: [] }],
        label: 'cell_type',
      },
      projectName: 'Trial',
      directory: '/projects',
    }),
  );

async function addReference(path: string): Promise<HTMLElement> {
  await fireEvent.input(await screen.findByRole('textbox', { name: 'Reference file' }), { target: { value: path } });
  await fireEvent.click(screen.getByRole('button', { name: 'Add Reference file' }));
  return screen.findByRole('region', { name: `Pre-flight of ${path.split('/').at(-1)!}, reference` });
}

beforeEach(() => {
  localStorage.clear();
  stubScreen();
});

describe('pre-flight', () => {
  test('says what a file holds and lets a person go on', async () => {
    renderApp('#/annotate/reference');
    const card = await addReference('/d/a.h5ad');
    await within(card).findByText('Ready');
    expect(card.textContent).toMatch(/1,200\s+cells × \s*2,000\s+genes/);
    expect(within(card).getByText('whole numbers from 0 to 214 in 1,000 cells')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Continue to query' })).toHaveProperty('disabled', false);
    expectAccessible();
  });

  test('shows an unreadable file with its remedy on its card and keeps the person there', async () => {
    renderApp('#/annotate/reference', {
      'study:inspect': () =>
        Promise.reject(
          new RequestError({
            code: 'reading.truncated',
            message: '/d/a.h5ad ends in /X/data.',
            remedy: 'Copy it again.',
          }),
        ),
    });
    const card = await addReference('/d/a.h5ad');
    const alert = await within(card).findByRole('alert');
    expect(alert.textContent).toContain('/d/a.h5ad ends in /X/data.');
    expect(alert.textContent).toContain('Copy it again.');
    expect(screen.getByRole('button', { name: 'Continue to query' })).toHaveProperty('disabled', true);
  });

  test('sends a repair that was clicked, and takes it back when it is undone', async () => {
    const services = renderApp('#/annotate/reference', {
      'study:inspect': ({ choice }) =>
        Promise.resolve(
          report(
            choice.path,
            choice.repairs.length > 0
              ? {}
              : {
                  findings: [
                    {
                      severity: 'problem',
                      code: 'names.cells',
                      text: 'Doubled names.',
                      repair: { kind: 'make-cell-names-unique' },
                    },
                  ],
                },
          ),
        ),
    });
    const card = await addReference('/d/a.h5ad');
    await fireEvent.click(await within(card).findByRole('button', { name: 'Make cell names unique' }));
    await within(card).findByText('Ready');
    expect(askedOf(services, 'study:inspect').at(-1)).toEqual({
      choice: { path: '/d/a.h5ad', repairs: [{ kind: 'make-cell-names-unique' }] },
    });
    await fireEvent.click(within(card).getByRole('button', { name: 'Undo: Make cell names unique' }));
    await within(card).findByText('1 problem');
    expect(askedOf(services, 'study:inspect').at(-1)).toEqual({ choice: { path: '/d/a.h5ad', repairs: [] } });
  });

  test('names what was left out and why', async () => {
    renderApp('#/annotate/reference', {
      'study:inspect': ({ choice }) =>
        Promise.resolve(report(choice.path, { skipped: [{ place: 'obs/odd', reason: 'an unknown encoding' }] })),
    });
    const card = await addReference('/d/a.h5ad');
    expect(await within(card).findByText('1 part of the file left out')).toBeTruthy();
    expect(within(card).getByText('an unknown encoding')).toBeTruthy();
  });
});

describe('the steps', () => {
  test('find the draft of an earlier visit and look into its files again', async () => {
    draft([{ kind: 'drop-empty-cells' }]);
    const services = renderApp('#/annotate/reference');
    await screen.findByText('Ready');
    expect(askedOf(services, 'study:inspect')).toContainEqual({
      choice: { path: '/d/a.h5ad', repairs: [{ kind: 'drop-empty-cells' }] },
    });
  });

  test('begin afresh when what was kept cannot be understood', async () => {
    localStorage.setItem('cellpredx.draft', '{"version":1,"request":7');
    renderApp('#/annotate/reference');
    expect(await screen.findByRole('textbox', { name: 'Reference file' })).toBeTruthy();
  });

  test('do not lead on where the two studies do not fit', async () => {
    draft();
    renderApp('#/annotate/match', {
      'match:check': () =>
        Promise.resolve(
          matchReport({
            verdict: 'impossible',
            sharedFeatures: 9,
            messages: [{ severity: 'error', text: '9 features are shared.', remedy: 'Map the names.' }],
          }),
        ),
    });
    await screen.findByText('Does not fit');
    expect(screen.getByText('Map the names.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Continue to method' })).toHaveProperty('disabled', true);
    expectAccessible();
  });

  test('show how far the comparison is, and take it back when the question changes', async () => {
    draft();
    const answers: PromiseWithResolvers<ReturnType<typeof matchReport>>[] = [];
    const services = renderApp('#/annotate/match', {
      'match:check': () => {
        answers.push(Promise.withResolvers());
        return answers.at(-1)!.promise;
      },
      'match:progress': () => Promise.resolve({ fraction: 0.25, text: 'Reading b.tsv.gz' }),
      'match:stop': () => Promise.resolve(true),
    });
    expect(await screen.findByText('Reading b.tsv.gz')).toBeTruthy();
    expect(screen.getByRole('progressbar', { name: 'Comparing reference and query' })).toHaveProperty('value', 0.25);
    await fireEvent.change(screen.getByRole('combobox', { name: 'Label column of the reference' }), {
      target: { value: 'donor' },
    });
    await waitFor(() => expect(askedOf(services, 'match:stop')).toHaveLength(1));
    const [first, second] = askedOf(services, 'match:check') as { question: string }[];
    expect(askedOf(services, 'match:stop')).toEqual([{ question: first!.question }]);
    expect(second!.question).not.toBe(first!.question);
    answers[0]!.reject(new RequestError({ code: 'request.taken-back', message: 'stopped', remedy: 'Ask again.' }));
    answers[1]!.resolve(matchReport());
    await screen.findByText('Fits well');
    expect(screen.queryByText('stopped')).toBeNull();
  });

  test('count the fragments of the query in a list of peaks that was given as its own peaks', async () => {
    const services = renderApp('#/annotate/query', {
      'study:inspect': ({ choice }) =>
        choice.path.endsWith('.bed')
          ? Promise.reject(new RequestError({ code: 'reading.bed', message: 'a list of places', remedy: 'No.' }))
          : Promise.resolve(report(choice.path, { format: 'fragments', modality: 'gene-activity' })),
    });
    await fireEvent.input(await screen.findByRole('textbox', { name: 'Query file' }), {
      target: { value: '/d/fragments.tsv.gz' },
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Add Query file' }));
    await screen.findByText('Ready');
    await fireEvent.click(screen.getByRole('button', { name: /^Add the query’s own peaks/ }));
    await fireEvent.input(await screen.findByRole('textbox', { name: 'Peaks file of the query' }), {
      target: { value: '/d/peaks.bed' },
    });
    await fireEvent.click(screen.getByRole('button', { name: 'Add Peaks file of the query' }));
    const without = await screen.findByRole('button', { name: 'Do without the peaks' });
    expect(askedOf(services, 'study:inspect').at(-1)).toEqual({
      choice: { path: '/d/fragments.tsv.gz', repairs: [], chromatin: { peaks: '/d/peaks.bed' } },
    });
    expect(screen.queryByText('a list of places')).toBeNull();
    await fireEvent.click(without);
    await waitFor(() =>
      expect(askedOf(services, 'study:inspect').at(-1)).toEqual({
        choice: { path: '/d/fragments.tsv.gz', repairs: [] },
      }),
    );
  });

  test('ask for the fit again when another label column is chosen', async () => {
    draft();
    const services = renderApp('#/annotate/match');
    await screen.findByText('Fits well');
    await fireEvent.change(screen.getByRole('combobox', { name: 'Label column of the reference' }), {
      target: { value: 'donor' },
    });
    await waitFor(() => expect(askedOf(services, 'match:check')).toHaveLength(2));
    expect(askedOf(services, 'match:check')[1]).toMatchObject({ label: 'donor' });
  });

  test('refuse a number outside the limits of a setting and keep the last good one', async () => {
    draft();
    const services = renderApp('#/annotate/method');
    const steps = await screen.findByRole('textbox', { name: 'Steps' });
    expect(screen.getByText('1 to 20,000')).toBeTruthy();
    await fireEvent.input(steps, { target: { value: '0' } });
    expect(await screen.findByText('This must be at least 1.')).toBeTruthy();
    expect(await screen.findByText('Correct Steps first.')).toBeTruthy();
    const forward = screen.getByRole('button', { name: 'Continue to review and run' });
    expect(forward).toHaveProperty('disabled', true);
    await fireEvent.input(steps, { target: { value: '25' } });
    expect(screen.queryByText('This must be at least 1.')).toBeNull();
    await waitFor(() => expect(forward).toHaveProperty('disabled', false));
    expectAccessible();
    await fireEvent.click(screen.getByRole('button', { name: /Review and run/ }));
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Start the run' })).toHaveProperty('disabled', false),
    );
    await fireEvent.click(screen.getByRole('button', { name: 'Start the run' }));
    await waitFor(() => expect(askedOf(services, 'run:start')).toHaveLength(1));
    expect(askedOf(services, 'run:start')[0]).toMatchObject({
      projectPath: '/projects/Trial.cpx',
      request: { label: 'cell_type', settings: { steps: 25 }, threshold: 0.95, seed: 1234 },
    });
    await waitFor(() => expect(location.hash).toBe('#/run/%2Fprojects%2FTrial.cpx/run-1'));
    expect(localStorage.getItem('cellpredx.draft')).toBeNull();
  });

  test('say where a person started the run why it could not start, and lose nothing', async () => {
    draft();
    renderApp('#/annotate/review', {
      'project:create': () =>
        Promise.reject(
          new RequestError({
            code: 'project.exists',
            message: 'Trial.cpx is there already.',
            remedy: 'Choose another name.',
          }),
        ),
    });
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Start the run' })).toHaveProperty('disabled', false),
    );
    await fireEvent.click(screen.getByRole('button', { name: 'Start the run' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Choose another name.');
    expect(screen.getByRole('textbox', { name: 'Project name' })).toHaveProperty('value', 'Trial');
  });
});

describe('the scenario', () => {
  const radio = (name: string): HTMLElement => screen.getByRole('radio', { name });

  test('is the first thing that is asked, left to the files, and leads on without an answer', async () => {
    renderApp('#/');
    await fireEvent.click(await screen.findByRole('button', { name: 'New annotation' }));
    const group = await screen.findByRole('radiogroup', { name: 'Scenario' });
    expect(within(group).getAllByRole('radio')).toHaveLength(5);
    expect(radio('Suggest from my files')).toHaveProperty('checked', true);
    expect(screen.queryByText('Suggested by your files')).toBeNull();
    expectAccessible();
    await fireEvent.click(screen.getByRole('button', { name: 'Continue to reference' }));
    expect(await screen.findByRole('textbox', { name: 'Reference file' })).toBeTruthy();
  });

  test('that the files suggest is marked with its reason, and another choice is kept and sent', async () => {
    draft();
    const services = renderApp('#/annotate/scenario');
    const mark = await screen.findByText('Suggested by your files');
    const { reason } = matchReport().suggestion;
    expect(mark.closest('label')).toBe(radio('RNA → ATAC, unmatched cells').closest('label'));
    expect(mark.closest('label')!.textContent).toContain(reason);
    await fireEvent.click(radio('RNA → ATAC, matched cells'));
    await waitFor(() =>
      expect(askedOf(services, 'match:check').at(-1)).toMatchObject({ scenario: 'rna-atac-matched' }),
    );
    expect(localStorage.getItem('cellpredx.draft')).toContain('"scenario":"rna-atac-matched"');
    await fireEvent.click(screen.getByRole('button', { name: /^Match/ }));
    const said = await screen.findByRole('region', { name: 'Scenario' });
    expect(said.textContent).toContain('RNA → ATAC, matched cells, chosen by you.');
    await fireEvent.click(within(said).getByRole('button', { name: 'Choose another scenario' }));
    await waitFor(() => expect(radio('RNA → ATAC, matched cells')).toHaveProperty('checked', true));
  });
});

describe('labels of the reference', () => {
  const renamed = (services: Parameters<typeof askedOf>[0]): unknown =>
    (askedOf(services, 'match:check').at(-1) as { reference: { repairs: object[] }[] }).reference[0]!.repairs;

  const name = (label: string): HTMLElement => screen.getByLabelText(`New name of ${label}`);
  const names = [
    { from: 'CD4 T cell', to: 'T cell' },
    { from: 'CD8 T cell', to: 'T cell' },
  ];

  test('are renamed and merged, and what becomes of them is said', async () => {
    draft();
    const services = renderApp('#/annotate/match');
    await fireEvent.click(await screen.findByText('Rename or merge labels'));
    await fireEvent.change(name('CD4 T cell'), { target: { value: ' T cell ' } });
    await fireEvent.change(name('CD8 T cell'), { target: { value: 'T cell' } });
    await screen.findByText('8 labels in the file, 7 to learn: CD4 T cell and CD8 T cell become T cell.');
    expect(screen.getAllByText('one label of 540 cells')).toHaveLength(2);
    await waitFor(() => expect(renamed(services)).toEqual([{ kind: 'rename-labels', names }]));
    expectAccessible();
  });

  test('keep their new names over a reload, told in the review, until they are taken back', async () => {
    draft([{ kind: 'rename-labels', names }]);
    const services = renderApp('#/annotate/review');
    await screen.findByText(/8 labels, renamed \(CD4 T cell and CD8 T cell become T cell\),/);
    location.hash = '#/annotate/match';
    await fireEvent.click(await screen.findByText('Undo all new names'));
    await waitFor(() => expect(renamed(services)).toEqual([]));
    expect(name('CD4 T cell')).toHaveProperty('value', '');
  });

  test('keep their new names for the column they were given in', async () => {
    draft();
    const services = renderApp('#/annotate/match');
    await fireEvent.click(await screen.findByText('Rename or merge labels'));
    await fireEvent.change(screen.getByLabelText('New name of Platelet'), {
      target: { value: 'PLT' },
    });
    const column = screen.getByRole('combobox', { name: 'Label column of the reference' });
    await fireEvent.change(column, { target: { value: 'donor' } });
    await waitFor(() => expect(renamed(services)).toEqual([]));
    await fireEvent.change(column, { target: { value: 'cell_type' } });
    await waitFor(() =>
      expect(renamed(services)).toEqual([{ kind: 'rename-labels', names: [{ from: 'Platelet', to: 'PLT' }] }]),
    );
  });
});

describe('a step is ticked', () => {
  const step = (name: string): string => {
    const steps = screen.getByLabelText('Steps of the annotation').querySelectorAll('button');
    return [...steps].find((button) => button.querySelector('.title')?.textContent === name)!.textContent!;
  };

  test('once a person has been there and gone on, not because its default would do', async () => {
    draft();
    renderApp('#/annotate/match');
    await screen.findByText('Fits well');
    expect(step('Match')).toContain('(not done yet)');
    expect(step('Method')).toContain('(not done yet)');
    const arrived = new Promise((resolve) => window.addEventListener('hashchange', resolve, { once: true }));
    await fireEvent.click(screen.getByText('Continue to method'));
    await arrived;
    await waitFor(() => expect(step('Match')).toContain('(done)'));
    await tick();
    expect(step('Method')).toContain('(not done yet)');
  });

  test('after a reload as before it', async () => {
    draft();
    const kept = JSON.parse(localStorage.getItem('cellpredx.draft')!) as object;
    localStorage.setItem('cellpredx.draft', JSON.stringify({ ...kept, left: ['match'] }));
    renderApp('#/annotate/method');
    await waitFor(() => expect(step('Match')).toContain('(done)'));
    expect(step('Method')).toContain('(not done yet)');
    expect(step('Scenario')).toContain('(not done yet)');
  });
});

test('a setting with choices shows them in plain words, says how the command line writes them, and its source', async () => {
  draft();
  const settings = method.settings.map((setting) =>
    setting.name === 'optimiser' ? { ...setting, source: 'released code: SGD' } : { ...setting, source: 'ours' },
  );
  renderApp('#/annotate/method', { 'methods:list': () => Promise.resolve([{ ...method, settings }]) });
  const choice = await screen.findByRole('combobox', { name: 'Optimiser', hidden: true });
  expect(
    within(choice)
      .getAllByRole('option', { hidden: true })
      .map(({ textContent }) => textContent),
  ).toEqual(['Steps with momentum (SGD)', 'Adaptive steps (Adam)']);
  expect(screen.getByText('How weights follow the gradient. Written sgd on the command line.')).toBeTruthy();
  expect(screen.getByText('Source: released code: SGD')).toBeTruthy();
  expect(screen.getAllByText('Source: chosen for this application')).toHaveLength(3);
  await fireEvent.change(choice, { target: { value: 'adam' } });
  expect(await screen.findByText('preset: Steps with momentum (SGD)')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: /Review and run/ }));
  expect(await screen.findByText(/Optimiser Adaptive steps \(Adam\)/)).toBeTruthy();
});

describe('time and memory of the run', () => {
  const told = (): string => screen.getByRole('note', { name: 'Expected time and memory' }).textContent!;

  test('are told as ranges, asked again with other settings, and stand in the review too', async () => {
    draft();
    const services = renderApp('#/annotate/method', {
      'run:expect': ({ steps }) =>
        Promise.resolve({
          engine: 'CPU by WebAssembly SIMD, 2 threads',
          time: [71_000, 200_000 + (steps ?? 0)],
          memory: [4e8, 5e8],
          by: 'run',
        }),
    });
    const said = /^About 1 min 10 s to 3 min 0 s on CPU by WebAssembly SIMD, 2 threads, told by the nearest run/;
    await waitFor(() => expect(told()).toMatch(said));
    const cells = 2400;
    expect(askedOf(services, 'run:expect').at(-1)).toEqual({
      ...{ method: 'cellpredx', engine: 'auto', cells, features: 1874, steps: 1000 },
    });
    await fireEvent.input(screen.getByRole('textbox', { name: 'Steps' }), { target: { value: '25' } });
    await waitFor(() => expect(askedOf(services, 'run:expect').at(-1)).toMatchObject({ steps: 25 }));
    await fireEvent.click(screen.getByText('Continue to review and run'));
    await waitFor(() => expect(told()).toMatch(said));
  });

  test('that are told after the step was left are let go', async () => {
    draft();
    let tell: ((answer: Result<'run:expect'>) => void) | undefined;
    renderApp('#/annotate/method', {
      'run:expect': () => new Promise((resolve) => (tell = resolve)),
    });
    await waitFor(() => expect(tell).toBeDefined());
    await fireEvent.click(screen.getByRole('button', { name: /^Scenario/ }));
    await fireEvent.click(await screen.findByRole('radio', { name: /^RNA → ATAC, matched/ }));
    tell!({ engine: 'CPU', time: null, memory: null, by: null });
    await tick();
    expect(screen.queryByRole('note', { name: 'Expected time and memory' })).toBeNull();
  });

  test('are unknown, and said to be, until a method has run once', async () => {
    draft();
    renderApp('#/annotate/method');
    await waitFor(() =>
      expect(told()).toBe(
        'On CPU by WebAssembly SIMD, 2 threads; time and memory are unknown until it has run once here.',
      ),
    );
  });
});

describe('the choice of method', () => {
  test('shows simple methods folded under a heading of their own, and opens it for the chosen one', async () => {
    draft();
    const simple = { ...method, id: 'nearest-centroid', title: 'Nearest centroid', group: 'simple' as const };
    renderApp('#/annotate/method', { 'methods:list': () => Promise.resolve([method, simple]) });
    const heading = await screen.findByText('Simple methods: 1 well-known classifiers that any other must beat');
    const folder = heading.closest('details')!;
    expect(folder.open).toBe(false);
    expect(within(folder).queryByText('CellPredX')).toBeNull();
    await fireEvent.click(within(folder).getByRole('radio', { name: /Nearest centroid/, hidden: true }));
    await waitFor(() => expect(folder.open).toBe(true));
    expectAccessible();
  });
});
