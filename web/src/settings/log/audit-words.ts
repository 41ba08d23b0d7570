import type { AuditAction } from '../../generated/AuditAction';
import type { PlainKey } from '../../i18n/i18n.svelte';

/** What somebody did, in words. */
export const ACTION_WORDS = {
  account_made: 'act-account-made',
  signed_in: 'act-signed-in',
  signed_out: 'act-signed-out',
  session_ended: 'act-session-ended',
  signed_out_everywhere: 'act-signed-out-everywhere',
  password_changed: 'act-password-changed',
  password_reset: 'act-password-reset',
  site_made: 'act-site-made',
  site_changed: 'act-site-changed',
  import_started: 'act-import-started',
  import_submitted: 'act-import-submitted',
  import_cancelled: 'act-import-cancelled',
  report_downloaded: 'act-report-downloaded',
  pages_joined: 'act-pages-joined',
  join_undone: 'act-join-undone',
  site_deleted: 'act-site-deleted',
  import_undone: 'act-import-undone',
  job_cancelled: 'act-job-cancelled',
  invitation_made: 'act-invitation-made',
  invitation_revoked: 'act-invitation-revoked',
  invitation_accepted: 'act-invitation-accepted',
  role_changed: 'act-role-changed',
  member_removed: 'act-member-removed',
  token_made: 'act-token-made',
  token_revoked: 'act-token-revoked',
  audit_exported: 'act-audit-exported',
  notices_retried: 'act-notices-retried',
} as const satisfies Record<AuditAction, PlainKey>;

/** The kinds to choose from, by what they are about. */
export const ACTION_GROUPS: readonly { name: PlainKey; actions: readonly AuditAction[] }[] = [
  {
    name: 'acts-imports',
    actions: [
      'import_started',
      'import_submitted',
      'import_cancelled',
      'report_downloaded',
      'pages_joined',
      'join_undone',
      'import_undone',
      'job_cancelled',
    ],
  },
  {
    name: 'acts-people',
    actions: [
      'account_made',
      'invitation_made',
      'invitation_revoked',
      'invitation_accepted',
      'role_changed',
      'member_removed',
    ],
  },
  {
    name: 'acts-getting-in',
    actions: [
      'signed_in',
      'signed_out',
      'session_ended',
      'signed_out_everywhere',
      'password_changed',
      'password_reset',
    ],
  },
  {
    name: 'acts-settings',
    actions: [
      'site_made',
      'site_changed',
      'site_deleted',
      'token_made',
      'token_revoked',
      'audit_exported',
      'notices_retried',
    ],
  },
];

/** The kind that the address names; none where it names no known one. */
export function actionOf(param: string | null): AuditAction | null {
  return param !== null && Object.hasOwn(ACTION_WORDS, param) ? (param as AuditAction) : null;
}

/** The id that the address names; none where it names no possible one. */
export function personOf(param: string | null): number | null {
  return param !== null && /^[1-9]\d{0,14}$/.test(param) ? Number(param) : null;
}
