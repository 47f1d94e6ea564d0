import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Results } from '#contract/requests';
import { RequestError } from '../../src-renderer/api/request-error.ts';
import { expectAccessible } from './support/accessible.ts';
import { method } from './support/generated-study.ts';
import { askedOf, renderApp, stubScreen } from './support/render-app.ts';

const fit: Results['gene-sets:check'] = {
  ...{ name: 'Reactome, human (shipped)', sets: 1800, genes: 11_000, studyGenes: 2000, found: 1400, usable: 900 },
  ...{ bySymbol: 0, smallest: 5, largest: 300, examples: { library: ['CD3E'], studies: ['ENSG1'] } },
};

async function methodStep(answer: (path: string | undefined) => Promise<typeof fit>) {
  const services = renderApp('#/annotate/method', {
    'methods:list': () => Promise.resolve([{ ...method, geneSets: true }]),
    'gene-sets:check': ({ path }) => answer(path),
  });
  return { services, field: await screen.findByRole('region', { name: 'File with gene sets' }) };
}

beforeEach(() => {
  localStorage.clear();
  stubScreen();
  localStorage.setItem(
    'cellpredx.draft',
    JSON.stringify({
      version: 1,
      request: {
        ...{ reference: [{ path: '/d/a.h5ad', repairs: [] }], query: [{ path: '/d/b.h5ad', repairs: [] }] },
        ...{ label: 'cell_type', method: method.id },
      },
      ...{ projectName: 'Trial', directory: '/projects' },
    }),
  );
});

async function use(field: HTMLElement, path: string): Promise<void> {
  await fireEvent.input(within(field).getByRole('textbox', { name: 'File with gene sets' }), {
    target: { value: path },
  });
  await fireEvent.click(within(field).getByRole('button', { name: 'Use File with gene sets' }));
}

describe('gene sets', () => {
  test('say how many sets there are and how many genes both studies have of them', async () => {
    const { field } = await methodStep(() => Promise.resolve(fit));
    await waitFor(() => expect(field.textContent).toMatch(/1,800 sets of 11,000 genes/));
    expect(field.textContent).toMatch(
      /1,400 of the 2,000 genes that both studies have are in them;\s+900 sets can be used/,
    );
    expectAccessible();
  });

  test('say that Ensembl ids are compared by their symbols where studies have them, and only there', async () => {
    const { field } = await methodStep((path) =>
      Promise.resolve(path === undefined ? fit : { ...fit, bySymbol: 1900 }),
    );
    await waitFor(() => expect(field.textContent).toMatch(/900 sets can be used/));
    expect(field.textContent).not.toMatch(/Ensembl/);
    await use(field, '/d/own.gmt');
    await waitFor(() => expect(field.textContent).toMatch(/Ensembl ids are compared by their symbols\./));
  });

  test('of a file of the person go with the run, and can be taken back', async () => {
    const { services, field } = await methodStep((path) =>
      Promise.resolve(path === undefined ? fit : { ...fit, name: 'own.gmt', sets: 12 }),
    );
    await use(field, '/d/own.gmt');
    await waitFor(() => expect(field.textContent).toMatch(/own\.gmt: 12 sets/));
    const asked = askedOf(services, 'gene-sets:check').at(-1)!;
    expect(asked).toMatchObject({ path: '/d/own.gmt', query: [{ path: '/d/b.h5ad' }] });
    expect(localStorage.getItem('cellpredx.draft')).toContain('"geneSets":"/d/own.gmt"');
    await fireEvent.click(within(field).getByRole('button', { name: 'Use the gene sets that ship' }));
    expect(localStorage.getItem('cellpredx.draft')).not.toContain('geneSets');
  });

  test('that fit nothing say so by the names of both sides and keep the person there', async () => {
    const { field } = await methodStep(() => Promise.resolve({ ...fit, found: 0, usable: 0 }));
    const alert = await within(field).findByRole('alert');
    expect(alert.textContent).toMatch(/None of the 1,800 sets .* genes like CD3E, the studies like ENSG1/);
    expect(screen.getByText(/Correct File with gene sets first/)).toBeTruthy();
  });

  test('that cannot be read show the error with its remedy', async () => {
    const { field } = await methodStep((path) =>
      path === undefined
        ? Promise.resolve(fit)
        : Promise.reject(
            new RequestError({
              code: 'reading.malformed-gene-sets',
              message: 'Line 2 has no gene.',
              remedy: 'Mend it.',
            }),
          ),
    );
    await use(field, '/d/own.gmt');
    const alert = await within(field).findByRole('alert');
    expect(alert.textContent).toMatch(/Line 2 has no gene\..*Mend it\./);
  });
});
