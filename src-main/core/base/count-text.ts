/** A whole number with its thousands set off, the same in every locale: 1204371 → "1,204,371". */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}
