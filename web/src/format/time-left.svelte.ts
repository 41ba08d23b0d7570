import { t } from '../i18n/i18n.svelte';
import { roughDuration } from './quantities';

/** “about 2 minutes left”, or nothing while it cannot be told. */
export function timeLeft(seconds: number | null): string | null {
  if (seconds === null || !Number.isFinite(seconds)) return null;
  const rough = roughDuration(seconds);
  switch (rough.unit) {
    case 'moment':
      return t('left-moment');
    case 'seconds':
      return t('left-seconds', { count: rough.count });
    case 'minutes':
      return t('left-minutes', { count: rough.count });
    case 'hours':
      return t('left-hours', { count: rough.count });
  }
}
