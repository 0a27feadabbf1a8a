/** Where the window was, and whether that is still a place where somebody sees it. */
import * as z from 'zod';
import { readSmallFile, writeWholeFile } from '../settings/whole-file.ts';

const pixels = z.int().min(-100_000).max(100_000);

const stateSchema = z.object({
  x: pixels,
  y: pixels,
  width: z.int().min(100).max(100_000),
  height: z.int().min(100).max(100_000),
  isMaximized: z.boolean(),
});
export type WindowState = z.output<typeof stateSchema>;

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** As much of the window's upper edge has to be on a screen as a hand needs to drag it. */
const GRIP_WIDTH = 100;
const GRIP_HEIGHT = 30;

const DEFAULT_SIZE = { width: 1280, height: 800 };

/** null where nothing was kept, or what was kept is no state. */
export async function readWindowState(path: string): Promise<WindowState | null> {
  try {
    const text = await readSmallFile(path);
    return text === null ? null : stateSchema.parse(JSON.parse(text));
  } catch {
    // A window in the usual place is no loss to speak of.
    return null;
  }
}

export async function writeWindowState(path: string, state: WindowState): Promise<void> {
  await writeWholeFile(path, `${JSON.stringify(state)}\n`);
}

/** @param screens the work areas of all screens, the main one first */
export function usableBounds(
  state: WindowState | null,
  screens: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  const screen = screens.find((one) => state !== null && canBeGrabbed(state, one)) ?? screens[0];
  if (screen === undefined) return DEFAULT_SIZE;
  const { width, height } = state ?? DEFAULT_SIZE;
  const size = { width: Math.min(width, screen.width), height: Math.min(height, screen.height) };
  // Elsewhere the system finds it a place.
  return state !== null && canBeGrabbed(state, screen) ? { ...size, x: state.x, y: state.y } : size;
}

function canBeGrabbed({ x, y, width }: Rectangle, screen: Rectangle): boolean {
  const left = Math.max(x, screen.x);
  const right = Math.min(x + width, screen.x + screen.width);
  return (
    right - left >= GRIP_WIDTH &&
    y >= screen.y - GRIP_HEIGHT / 2 &&
    y + GRIP_HEIGHT <= screen.y + screen.height
  );
}
