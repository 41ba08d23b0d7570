import type { AcceptInvitation } from '../generated/AcceptInvitation';
import type { ApiToken } from '../generated/ApiToken';
import type { AuditAction } from '../generated/AuditAction';
import type { AuditList } from '../generated/AuditList';
import type { CommentList } from '../generated/CommentList';
import type { CreatedApiToken } from '../generated/CreatedApiToken';
import type { CreatedInvitation } from '../generated/CreatedInvitation';
import type { DeleteAccount } from '../generated/DeleteAccount';
import type { DeleteSite } from '../generated/DeleteSite';
import type { Import } from '../generated/Import';
import type { ImportDetail } from '../generated/ImportDetail';
import type { Invitation } from '../generated/Invitation';
import type { InvitationOffer } from '../generated/InvitationOffer';
import type { LookAtInvitation } from '../generated/LookAtInvitation';
import type { Member } from '../generated/Member';
import type { NewApiToken } from '../generated/NewApiToken';
import type { NewInvitation } from '../generated/NewInvitation';
import type { NewNoticeSettings } from '../generated/NewNoticeSettings';
import type { NewPageJoins } from '../generated/NewPageJoins';
import type { NewPassword } from '../generated/NewPassword';
import type { NewPasswordReset } from '../generated/NewPasswordReset';
import type { NewRole } from '../generated/NewRole';
import type { NewSession } from '../generated/NewSession';
import type { NewSetup } from '../generated/NewSetup';
import type { NewSite } from '../generated/NewSite';
import type { NewUndo } from '../generated/NewUndo';
import type { NoticeSettings } from '../generated/NoticeSettings';
import type { OpenSession } from '../generated/OpenSession';
import type { PageJoins } from '../generated/PageJoins';
import type { PageList } from '../generated/PageList';
import type { PossibleDoubles } from '../generated/PossibleDoubles';
import type { ServerHealth } from '../generated/ServerHealth';
import type { Session } from '../generated/Session';
import type { SetupState } from '../generated/SetupState';
import type { Site } from '../generated/Site';
import type { SiteChange } from '../generated/SiteChange';
import type { SiteJob } from '../generated/SiteJob';
import type { UndoPlan } from '../generated/UndoPlan';
import type { UsePasswordReset } from '../generated/UsePasswordReset';
import type { Vanished } from '../generated/Vanished';
import { request } from './http';

export const EVENTS_URL = '/api/v1/events';

export const getSetup = () => request<SetupState>('GET', '/setup');
export const postSetup = (setup: NewSetup) => request<Session>('POST', '/setup', setup);

export const getSession = () => request<Session>('GET', '/session');
export const postSession = (session: NewSession) => request<Session>('POST', '/session', session);
export const deleteSession = () => request<void>('DELETE', '/session');

export const postSite = (site: NewSite) => request<Site>('POST', '/sites', site);

export const getImports = () => request<Import[]>('GET', '/imports');
export const getImport = (id: string) => request<ImportDetail>('GET', importPath(id));
/** What becomes of what is in already when an import is stopped. */
export type AfterStop = 'keep' | 'undo';
export const cancelImport = (id: string, then: AfterStop = 'keep') =>
  request<Import>('DELETE', `${importPath(id)}?then=${then}`);

export const getUndoPlan = (id: string) => request<UndoPlan>('GET', `${importPath(id)}/undo`);
export const postUndo = (id: string, undo: NewUndo) =>
  request<Import>('POST', `${importPath(id)}/undo`, undo);
export const getDoubles = (id: string) =>
  request<PossibleDoubles>('GET', `${importPath(id)}/doubles`);
/** Ids at the source, the first thousand. */
export const getVanished = (id: string) => request<Vanished>('GET', `${importPath(id)}/vanished`);
/** Where the browser fetches the report as a file. */
export const reportUrl = (id: string, format: 'csv' | 'ndjson') =>
  `/api/v1${importPath(id)}/report?format=${format}`;

export function getPages(
  site: number,
  options: { query: string; after: string | null; limit: number },
): Promise<PageList> {
  return request('GET', `/sites/${site}/pages?${search(options)}`);
}

export function getComments(
  site: number,
  page: number,
  options: { after: string | null; limit: number },
): Promise<CommentList> {
  return request('GET', `/sites/${site}/pages/${page}/comments?${search(options)}`);
}

export const patchSite = (id: number, change: SiteChange) =>
  request<Site>('PATCH', `/sites/${id}`, change);
export const deleteSite = (id: number, deletion: DeleteSite) =>
  request<void>('DELETE', `/sites/${id}`, deletion);
export const deleteAccount = (deletion: DeleteAccount) =>
  request<void>('DELETE', '/account', deletion);

export const getPageJoins = (site: number, after: string | null) =>
  request<PageJoins>(
    'GET',
    `/sites/${site}/page-joins${after === null ? '' : `?after=${encodeURIComponent(after)}`}`,
  );
export const postPageJoins = (site: number, which: NewPageJoins) =>
  request<SiteJob>('POST', `/sites/${site}/page-joins`, which);
export const getSiteJobs = (site: number) => request<SiteJob[]>('GET', `/sites/${site}/jobs`);
/** Takes work out of the queue that has not begun. */
export const cancelSiteJob = (site: number, job: number) =>
  request<void>('DELETE', `/sites/${site}/jobs/${job}`);
export const undoSiteJob = (site: number, job: number) =>
  request<SiteJob>('POST', `/sites/${site}/jobs/${job}/undo`);

export const getSessions = () => request<OpenSession[]>('GET', '/sessions');
export const endSession = (id: number) => request<void>('DELETE', `/sessions/${id}`);
export const endAllSessions = () => request<void>('DELETE', '/sessions');

export const putPassword = (password: NewPassword) => request<void>('PUT', '/password', password);
export const postPasswordReset = (asked: NewPasswordReset) =>
  request<void>('POST', '/password-resets', asked);
export const usePasswordReset = (reset: UsePasswordReset) =>
  request<void>('POST', '/password-resets/use', reset);

export const getNoticeSettings = () => request<NoticeSettings>('GET', '/notice-settings');
export const putNoticeSettings = (settings: NewNoticeSettings) =>
  request<NoticeSettings>('PUT', '/notice-settings', settings);

export const getHealth = () => request<ServerHealth>('GET', '/health');
export const retryNotices = () => request<ServerHealth>('POST', '/health/notices/retry');

export const getMembers = () => request<Member[]>('GET', '/admins');
export const patchMember = (id: number, role: NewRole) =>
  request<Member>('PATCH', `/admins/${id}`, role);
export const deleteMember = (id: number) => request<void>('DELETE', `/admins/${id}`);

export const getInvitations = () => request<Invitation[]>('GET', '/invitations');
export const postInvitation = (invitation: NewInvitation) =>
  request<CreatedInvitation>('POST', '/invitations', invitation);
export const deleteInvitation = (id: number) => request<void>('DELETE', `/invitations/${id}`);
export const lookAtInvitation = (look: LookAtInvitation) =>
  request<InvitationOffer>('POST', '/invitations/look', look);
export const acceptInvitation = (accepted: AcceptInvitation) =>
  request<Session>('POST', '/invitations/accept', accepted);

export type AuditFilter = { action: AuditAction | null; admin: number | null };

export const getAudit = (filter: AuditFilter, before: number | null) =>
  request<AuditList>('GET', `/audit?${auditQuery(filter, { before })}`);
/** Where the browser fetches the audit log as a file. */
export const auditExportUrl = (filter: AuditFilter, format: 'csv' | 'ndjson') =>
  `/api/v1/audit/export?${auditQuery(filter, { format })}`;

export const getTokens = () => request<ApiToken[]>('GET', '/tokens');
export const postToken = (token: NewApiToken) => request<CreatedApiToken>('POST', '/tokens', token);
export const deleteToken = (id: number) => request<void>('DELETE', `/tokens/${id}`);

function importPath(id: string): string {
  return `/imports/${encodeURIComponent(id)}`;
}

function search(options: { query?: string; after: string | null; limit: number }): string {
  const params = new URLSearchParams({ limit: String(options.limit) });
  if (options.query) params.set('q', options.query);
  if (options.after) params.set('after', options.after);
  return params.toString();
}

function auditQuery(
  { action, admin }: AuditFilter,
  more: { before?: number | null; format?: string },
): string {
  const all = { action, admin, ...more };
  const given = Object.entries(all).filter(([, value]) => value !== null && value !== undefined);
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}
