import type { Bridge } from '#contract/bridge';
import type { Transport } from './transport.ts';

/** The desktop window: Electron carries everything, typed arrays included, and is always there. */
export function desktopTransport(bridge: Bridge): Transport {
  return {
    request: (channel, args) => bridge.request(channel, args as never),
    onEvent: (listener) => bridge.on(listener),
    onCommand: (listener) => bridge.onCommand(listener),
    pathOf: (file) => bridge.pathOf(file) || null,
    sendFile: null,
    onConnection(listener) {
      listener('open');
      return () => undefined;
    },
  };
}
