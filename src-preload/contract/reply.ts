import type { WireError } from '#core/base/app-error';

/** The answer to a request: errors cross a border as data, because classes do not survive it. */
export type Reply<T> = { readonly ok: T } | { readonly error: WireError };

/** The code of a fault of ours; its message names the entry in the log. */
export const INTERNAL = 'internal';
