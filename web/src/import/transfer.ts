import type { Import } from '../generated/Import';
import type { SendProgress } from '../generated/SendProgress';

/** How far the two halves of an import are, in shares from 0 to 1. */
export type Transfer = { sent: number; applied: number };

export function transferOf(one: Import | null, sending: SendProgress | null): Transfer {
  if (one && one.state !== 'receiving') {
    return { sent: 1, applied: one.state === 'succeeded' ? 1 : appliedShare(one) };
  }
  if (sending) return { sent: share(sending.comments_sent, sending.comments_total), applied: 0 };
  return { sent: one ? share(one.received.comments, one.seen.kept) : 0, applied: 0 };
}

function appliedShare({ progress }: Import): number {
  return progress ? share(progress.done, progress.total) : 0;
}

function share(done: number, total: number): number {
  return total > 0 ? Math.min(1, done / total) : 0;
}
