import { fileURLToPath } from 'node:url';
import { startDesktop } from '#app/start-desktop';

/** Desktop entry. */
await startDesktop(fileURLToPath(import.meta.url));
