const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work under a signal that Ctrl-C, a polite kill and the closing of the terminal abort. Before and after it these end
 * the program at once, as the system does by itself. A wrapper may pass Ctrl-C on a second time; that changes nothing.
 */
export async function cancellable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const cancel = new AbortController();
  const stop = (): void => cancel.abort();
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(cancel.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
