/**
 * What long work looks at between two steps: a standard `AbortSignal` fits.
 * The core names only the part it uses, because it runs without a page and without Node.
 */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** Thrown by work that found its signal aborted. It is neither an error of the user's nor a fault of ours. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor() {
    super('Cancelled');
  }
}

/** Stops the caller with `Cancelled` if the signal is aborted; does nothing otherwise. */
export function throwIfCancelled(signal: CancelSignal | undefined): void {
  if (signal?.aborted === true) throw new Cancelled();
}
