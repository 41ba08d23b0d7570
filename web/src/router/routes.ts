/** The screens, and what their addresses carry. */
export type Route =
  | { name: 'home' }
  | { name: 'setup' }
  | { name: 'sign-in' }
  | { name: 'import' }
  | { name: 'imports' }
  | { name: 'import-detail'; id: string }
  | { name: 'comments' }
  | { name: 'page-comments'; page: number }
  | { name: 'settings' }
  | { name: 'not-found' };

export function matchRoute(pathname: string): Route {
  const parts = pathname.split('/').filter((part) => part !== '');
  const [first, second] = parts;
  if (parts.length === 0) return { name: 'home' };
  if (parts.length === 1) return topRoute(first);
  if (parts.length === 2 && first === 'imports' && second) {
    const id = decoded(second);
    return id === null ? { name: 'not-found' } : { name: 'import-detail', id };
  }
  if (parts.length === 2 && first === 'comments' && second && /^[1-9]\d{0,14}$/.test(second)) {
    return { name: 'page-comments', page: Number(second) };
  }
  return { name: 'not-found' };
}

function topRoute(segment: string | undefined): Route {
  switch (segment) {
    case 'setup':
    case 'sign-in':
    case 'import':
    case 'imports':
    case 'comments':
    case 'settings':
      return { name: segment };
    default:
      return { name: 'not-found' };
  }
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}

export const paths = {
  home: '/',
  setup: '/setup',
  signIn: '/sign-in',
  import: '/import',
  imports: '/imports',
  importDetail: (id: string) => `/imports/${encodeURIComponent(id)}`,
  comments: '/comments',
  pageComments: (page: number) => `/comments/${page}`,
  settings: '/settings',
};

/** Only paths of our own are gone back to after signing in: never another host. */
export function safeReturnPath(path: string | null): string {
  if (!path?.startsWith('/') || path.startsWith('//') || path.includes('\\')) return paths.import;
  const { name } = matchRoute(path.split(/[?#]/)[0] ?? '');
  const noReturn = ['home', 'setup', 'sign-in', 'not-found'];
  return noReturn.includes(name) ? paths.import : path;
}
