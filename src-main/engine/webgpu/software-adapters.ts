/**
 * Programs that pretend to be a graphics card are slower than the WebAssembly engine. They are refused, except by tests,
 * which set this environment variable to 1.
 */
export const ALLOW_SOFTWARE = 'CELLPREDX_ALLOW_SOFTWARE_GPU';

export function softwareAllowed(): boolean {
  return process.env[ALLOW_SOFTWARE] === '1';
}

/** What an adapter says of itself. */
export interface AdapterWords {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

/** Whether a processor does the work of the card: SwiftShader, llvmpipe, the basic renderer of Windows. */
export function isSoftware(info: AdapterWords): boolean {
  if (info.isFallbackAdapter === true) return true;
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render/i.test(words);
}

/** The name a person knows the card by. */
export function adapterName(info: AdapterWords): string {
  const name = info.description.trim() === '' ? info.device.trim() : info.description.trim();
  return name === '' ? `${info.vendor} ${info.architecture}`.trim() || 'unnamed card' : name;
}
