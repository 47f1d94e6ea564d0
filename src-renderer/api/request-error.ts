import type { WireError } from '#core/base/app-error';

/** A request that was answered with an error, or not at all: what is wrong, and the one thing to do next. */
export class RequestError extends Error implements WireError {
  override readonly name = 'RequestError';
  readonly code: string;
  readonly remedy: string;

  constructor(error: WireError, options?: { cause?: unknown }) {
    super(error.message, options);
    this.code = error.code;
    this.remedy = error.remedy;
  }
}

/** The services do not answer: the program was closed, or the tunnel to it. */
export function connectionLost(cause: unknown): RequestError {
  return new RequestError(
    {
      code: 'connection.lost',
      message: 'CellPredX Studio does not answer.',
      remedy: 'Check that it is still running and that the tunnel to it is open; this page goes on by itself.',
    },
    { cause },
  );
}

/** The program was started again, so the session of this page is over. */
export function sessionOver(): RequestError {
  return new RequestError({
    code: 'connection.session-over',
    message: 'This page belongs to a session that has ended.',
    remedy: 'Open the link that CellPredX Studio prints in its terminal.',
  });
}
