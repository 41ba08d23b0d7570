import { describe, expect, it } from 'vitest';
import { matchRoute, paths, SECTIONS, safeReturnPath } from './routes';

describe('matchRoute', () => {
  it.each([
    ['/', { name: 'home' }],
    ['/setup', { name: 'setup' }],
    ['/sign-in', { name: 'sign-in' }],
    ['/import', { name: 'import' }],
    ['/import/', { name: 'import' }],
    ['/imports', { name: 'imports' }],
    ['/imports/0192-ab', { name: 'import-detail', id: '0192-ab' }],
    ['/imports/a%20b', { name: 'import-detail', id: 'a b' }],
    ['/comments', { name: 'comments' }],
    ['/comments/12', { name: 'page-comments', page: 12 }],
    ['/comments/0', { name: 'not-found' }],
    ['/comments/twelve', { name: 'not-found' }],
    ['/settings', { name: 'settings', section: 'account' }],
    ['/settings/', { name: 'settings', section: 'account' }],
    ['/settings/people', { name: 'settings', section: 'people' }],
    ['/invite', { name: 'invite' }],
    ['/forgot-password', { name: 'forgot-password' }],
    ['/reset', { name: 'reset' }],
    ['/settings/nothing', { name: 'not-found' }],
    ['/imports/%E0%A4%A', { name: 'not-found' }],
    ['/imports/a/b', { name: 'not-found' }],
    ['/nothing', { name: 'not-found' }],
  ])('%s', (path, route) => {
    expect(matchRoute(path)).toEqual(route);
  });

  it('reads back the paths that it makes', () => {
    expect(matchRoute(paths.importDetail('a/b'))).toEqual({ name: 'import-detail', id: 'a/b' });
    expect(matchRoute(paths.pageComments(7))).toEqual({ name: 'page-comments', page: 7 });
    for (const section of SECTIONS) {
      expect(matchRoute(paths.settings(section))).toEqual({ name: 'settings', section });
    }
  });
});

describe('safeReturnPath', () => {
  it('goes back to a screen of ours, query and all', () => {
    expect(safeReturnPath('/imports?state=failed', '/import')).toBe('/imports?state=failed');
    expect(safeReturnPath('/settings', '/import')).toBe('/settings');
  });

  it.each([
    null,
    '',
    'https://example.org/imports',
    '//example.org/imports',
    '/\\example.org',
    '/sign-in',
    '/invite',
    '/reset',
    '/nothing',
  ])('%s leads to the first screen', (path) => {
    expect(safeReturnPath(path, '/imports')).toBe('/imports');
  });
});
