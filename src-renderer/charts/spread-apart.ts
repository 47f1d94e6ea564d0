/**
 * Places at least `least` apart and inside the rectangle, each as near to where it was as repeated pushing finds.
 * Two in the same place are pushed along directions that depend on their order alone.
 */
export function spreadApart(
  places: readonly (readonly [number, number])[],
  least: number,
  within: { readonly width: number; readonly height: number },
): [number, number][] {
  const moved = places.map(([x, y]): [number, number] => [x, y]);
  for (let round = 0; round < 200; round++) {
    let still = true;
    for (let i = 0; i < moved.length; i++) {
      for (let j = i + 1; j < moved.length; j++) {
        const a = moved[i]!;
        const b = moved[j]!;
        const apart = Math.hypot(b[0] - a[0], b[1] - a[1]);
        if (apart >= least) continue;
        still = false;
        const angle = apart > 1e-9 ? Math.atan2(b[1] - a[1], b[0] - a[0]) : i + 2 * j;
        const push = (least - apart) / 2 + 0.01;
        a[0] -= push * Math.cos(angle);
        a[1] -= push * Math.sin(angle);
        b[0] += push * Math.cos(angle);
        b[1] += push * Math.sin(angle);
      }
    }
    for (const place of moved) {
      place[0] = Math.min(within.width - least / 2, Math.max(least / 2, place[0]));
      place[1] = Math.min(within.height - least / 2, Math.max(least / 2, place[1]));
    }
    if (still) break;
  }
  return moved;
}
