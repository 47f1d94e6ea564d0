import { expect, test } from 'vitest';
import { adapterName, isSoftware } from '#engine/webgpu/software-adapters';

/** What adapters say of themselves: vendor, architecture, device, description. */
const software = [
  ['google', 'swiftshader', 'SwiftShader Device (LLVM 10.0.0)', ''],
  ['', '', 'SwiftShader Device (Subzero)', 'SwiftShader driver'],
  ['mesa', '', 'llvmpipe (LLVM 17.0.6, 256 bits)', 'llvmpipe: Mesa 24.0.9'],
  ['', '', '', 'Lavapipe'],
  ['', '', 'softpipe', ''],
  ['microsoft', '', 'Microsoft Basic Render Driver', ''],
  ['microsoft', 'warp', '', 'Microsoft Basic Render Driver'],
  ['apple', '', 'Apple Software Renderer', ''],
] as const;
const cards = [
  ['nvidia', 'turing', 'NVIDIA GeForce RTX 2070', 'NVIDIA: 550.54.14'],
  ['nvidia', 'hopper', 'NVIDIA H200', '575.57.08'],
  ['amd', 'rdna-3', 'AMD Radeon RX 7900 XTX (RADV NAVI31)', 'radv: Mesa 24.0.9'],
  ['intel', 'gen-12lp', 'Intel(R) Iris(R) Xe Graphics (TGL GT2)', 'Intel open-source Mesa driver: Mesa 24.0.9'],
  ['intel', 'xe-hpg', 'Intel(R) Arc(TM) A770 Graphics', 'D3D12 driver version 31.0.101.5333'],
  ['apple', 'common-3', 'Apple M2', 'Metal driver on macOS Version 14.4'],
  ['qualcomm', 'adreno-7xx', 'Snapdragon X Elite - Adreno X1-85', ''],
  ['microsoft', '', 'Microsoft Direct3D12 (NVIDIA GeForce RTX 3080)', 'Dozen: Mesa 24.0.9'],
] as const;

const words = ([vendor, architecture, device, description]: readonly [string, string, string, string]) => ({
  vendor,
  architecture,
  device,
  description,
});

test.each(software)('%s %s %s %s is a program that pretends to be a card', (...said) => {
  expect(isSoftware(words(said))).toBe(true);
});

test.each(cards)('%s %s %s %s is a card', (...said) => {
  expect(isSoftware(words(said))).toBe(false);
  expect(isSoftware({ ...words(said), isFallbackAdapter: false })).toBe(false);
});

test('what the browser engine calls a fallback is no card, whatever its name', () => {
  expect(isSoftware({ ...words(cards[0]), isFallbackAdapter: true })).toBe(true);
});

test('a card is named by its description, else by its device, else by its maker', () => {
  expect(adapterName(words(['nvidia', 'ada', 'RTX', ' GeForce RTX 4090 ']))).toBe('GeForce RTX 4090');
  expect(adapterName(words(['nvidia', 'ada', ' RTX ', ' ']))).toBe('RTX');
  expect(adapterName(words(['nvidia', 'ada', '', '']))).toBe('nvidia ada');
  expect(adapterName(words(['', '', '', '']))).toBe('unnamed card');
});
