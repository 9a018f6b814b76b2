/** How long the first exchange will still take, from how fast it has gone. */

export interface Sample {
  /** Milliseconds. */
  at: number;
  /** Operations applied by then. */
  applied: number;
}

/** Too short a look says nothing. */
const LOOK_MS = 3000;

/** Whole minutes, at least one; none while nothing can be said. */
export function minutesLeft(first: Sample, now: Sample, head: number): number | null {
  const [millis, applied] = [now.at - first.at, now.applied - first.applied];
  if (millis < LOOK_MS || applied <= 0) return null;
  return Math.max(1, Math.ceil(((head - now.applied) * millis) / applied / 60_000));
}
