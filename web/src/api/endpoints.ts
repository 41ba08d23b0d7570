import type { ApiToken } from '../generated/ApiToken';
import type { CommentList } from '../generated/CommentList';
import type { CreatedApiToken } from '../generated/CreatedApiToken';
import type { Import } from '../generated/Import';
import type { ImportDetail } from '../generated/ImportDetail';
import type { NewApiToken } from '../generated/NewApiToken';
import type { NewSession } from '../generated/NewSession';
import type { NewSetup } from '../generated/NewSetup';
import type { NewSite } from '../generated/NewSite';
import type { PageList } from '../generated/PageList';
import type { Session } from '../generated/Session';
import type { SetupState } from '../generated/SetupState';
import type { Site } from '../generated/Site';
import { request } from './http';

export const EVENTS_URL = '/api/v1/events';

export const getSetup = () => request<SetupState>('GET', '/setup');
export const postSetup = (setup: NewSetup) => request<Session>('POST', '/setup', setup);

export const getSession = () => request<Session>('GET', '/session');
export const postSession = (session: NewSession) => request<Session>('POST', '/session', session);
export const deleteSession = () => request<void>('DELETE', '/session');

export const postSite = (site: NewSite) => request<Site>('POST', '/sites', site);

export const getImports = () => request<Import[]>('GET', '/imports');
export const getImport = (id: string) =>
  request<ImportDetail>('GET', `/imports/${encodeURIComponent(id)}`);
export const cancelImport = (id: string) =>
  request<void>('DELETE', `/imports/${encodeURIComponent(id)}`);

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

export const getTokens = () => request<ApiToken[]>('GET', '/tokens');
export const postToken = (token: NewApiToken) => request<CreatedApiToken>('POST', '/tokens', token);
export const deleteToken = (id: number) => request<void>('DELETE', `/tokens/${id}`);

function search(options: { query?: string; after: string | null; limit: number }): string {
  const params = new URLSearchParams({ limit: String(options.limit) });
  if (options.query) params.set('q', options.query);
  if (options.after) params.set('after', options.after);
  return params.toString();
}
