import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { Bridge } from './contract/bridge.ts';
import { carrier, isChannel } from './contract/channels.ts';
import type { RunEvent } from './contract/run-events.ts';

/** All that the page can reach: named requests and run events. No channel of Electron, and no event object, gets through. */
const bridge: Bridge = {
  request(channel, args) {
    if (!isChannel(channel)) return Promise.reject(new Error(`There is no request called ${String(channel)}.`));
    return ipcRenderer.invoke(carrier.request, channel, args);
  },
  on(listener) {
    const relay = (_event: IpcRendererEvent, runEvent: RunEvent): void => listener(runEvent);
    ipcRenderer.on(carrier.runEvent, relay);
    return () => void ipcRenderer.off(carrier.runEvent, relay);
  },
};

contextBridge.exposeInMainWorld('cellpredx', bridge);
