import type { WireError } from '#core/base/app-error';

/** A run that failed in its own process; carries what that process said. */
export class RunFailed extends Error {
  override readonly name = 'RunFailed';
  readonly wire: WireError;

  constructor(wire: WireError) {
    super(wire.message);
    this.wire = wire;
  }
}
