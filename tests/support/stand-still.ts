/** Keeps the whole process from running, as long work or a short processor does: timers come due meanwhile. */
export function standStill(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}
