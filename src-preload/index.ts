import { contextBridge, ipcRenderer, type IpcRendererEvent, webUtils } from 'electron';
import type { Bridge } from './contract/bridge.ts';
import { carrier, isChannel } from './contract/channels.ts';
import type { MenuCommand } from './contract/commands.ts';
import type { RunEvent } from './contract/run-events.ts';

/** All that the page can reach: named requests, run events, commands of the menu, and where a dropped file lies. No channel of Electron, and no event object, gets through. */
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
  onCommand(listener) {
    const relay = (_event: IpcRendererEvent, command: MenuCommand): void => listener(command);
    ipcRenderer.on(carrier.command, relay);
    return () => void ipcRenderer.off(carrier.command, relay);
  },
  pathOf: (file) => webUtils.getPathForFile(file as File),
};

contextBridge.exposeInMainWorld('cellpredx', bridge);
