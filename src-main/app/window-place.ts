import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const Bounds = z.object({ x: z.int(), y: z.int(), width: z.int().min(200), height: z.int().min(200) });
const Place = z.object({ bounds: Bounds, maximised: z.boolean() });
type Bounds = z.output<typeof Bounds>;

/** Where the window is. Without `x` and `y` the system puts it in the middle. */
export interface WindowPlace {
  readonly bounds: { readonly width: number; readonly height: number; readonly x?: number; readonly y?: number };
  readonly maximised: boolean;
}

/** Part of the title bar, in pixels, that must be on a screen for the window to be within reach. */
const reach = { width: 120, height: 40 };

/**
 * Where the window opens: where it was last, if that can still be seen; else in the middle of the first screen.
 *
 * @param remembered what the file of the last session holds, in whatever form
 * @param screens work areas of the screens, the main one first
 */
export function windowPlace(remembered: unknown, screens: readonly Bounds[]): WindowPlace {
  const place = Place.safeParse(remembered).data;
  const main = screens[0];
  const size = {
    width: Math.min(place?.bounds.width ?? 1280, main?.width ?? 1280),
    height: Math.min(place?.bounds.height ?? 800, main?.height ?? 800),
  };
  const maximised = place?.maximised ?? false;
  if (place !== undefined && screens.some((screen) => withinReach(place.bounds, screen))) {
    return { bounds: place.bounds, maximised };
  }
  return { bounds: size, maximised };
}

/** What the last session remembered; undefined where there is nothing that can be read. */
export function readPlace(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
    throw error;
  }
}

/** Remembers the place for the next session. */
export function keepPlace(file: string, place: { readonly bounds: Bounds; readonly maximised: boolean }): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, JSON.stringify(place));
  renameSync(`${file}.part`, file);
}

function withinReach(window: Bounds, screen: Bounds): boolean {
  const shownWidth = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  const titleBar = window.y >= screen.y && window.y + reach.height <= screen.y + screen.height;
  return shownWidth >= reach.width && titleBar;
}
