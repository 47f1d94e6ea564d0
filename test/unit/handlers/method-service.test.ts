import { describe, expect, test } from 'vitest';
import { AnnotationRequest, type AnnotationRequestInput } from '#contract/annotation-request';
import { methodService } from '#handlers/method-service';

const service = methodService();
const request = (changes: Partial<AnnotationRequestInput> = {}): AnnotationRequest =>
  AnnotationRequest.parse({ reference: [{ path: 'r' }], query: [{ path: 'q' }], label: 'cell_type', ...changes });

describe('the description of a method', () => {
  test('gives every setting a kind, limits, a default and its value in each preset', async () => {
    const [method] = await service.list();
    expect(method).toMatchObject({ id: 'cellpredx' });
    expect(method!.presets[0]).toBe('recommended');
    expect(method!.settings.length).toBeGreaterThan(10);
    for (const setting of method!.settings) {
      expect(setting.help, setting.name).not.toBe('');
      expect(setting.title, setting.name).not.toBe(setting.name);
      if (setting.kind === 'choice') expect(setting.choices, setting.name).toContain(setting.default);
      for (const limit of [setting.minimum, setting.maximum]) expect(limit ?? 0).toBeLessThan(2 ** 53 - 1);
      for (const scenario of method!.scenarios) {
        expect(Object.keys(setting.values[scenario]!), setting.name).toEqual(method!.presets);
      }
    }
  });

  test('is plain data that both fronts can send', async () => {
    const methods = await service.list();
    expect(structuredClone(methods)).toEqual(JSON.parse(JSON.stringify(methods)));
  });
});

describe('a request', () => {
  test('passes with the settings of its preset, in each scenario', async () => {
    const [method] = await service.list();
    for (const scenario of ['auto', ...method!.scenarios] as const) {
      await expect(service.check(request({ scenario }))).resolves.toBeUndefined();
    }
  });

  test.each([
    [{ method: 'magic' }, 'training.no-such-method'],
    [{ preset: 'magic' }, 'training.no-such-preset'],
    [{ settings: { magic: 1 } }, 'training.no-such-setting'],
    [{ settings: { steps: -1 } }, 'training.setting-out-of-range'],
  ])('is refused with %j', async (changes, code) => {
    await expect(service.check(request(changes))).rejects.toMatchObject({ code });
  });
});
