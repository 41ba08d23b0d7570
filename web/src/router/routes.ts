/** The parts of the settings, in their order. */
export const SECTIONS = ['account', 'people', 'tokens', 'sites', 'log', 'health'] as const;
export type Section = (typeof SECTIONS)[number];

/** The screens, and what their addresses carry. */
export type Route =
  | { name: 'home' }
  | { name: 'setup' }
  | { name: 'sign-in' }
  | { name: 'invite' }
  | { name: 'forgot-password' }
  | { name: 'reset' }
  | { name: 'import' }
  | { name: 'imports' }
  | { name: 'import-detail'; id: string }
  | { name: 'comments' }
  | { name: 'page-comments'; page: number }
  | { name: 'settings'; section: Section }
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
  if (parts.length === 2 && first === 'settings') {
    const section = SECTIONS.find((one) => one === second);
    return section ? { name: 'settings', section } : { name: 'not-found' };
  }
  return { name: 'not-found' };
}

function topRoute(segment: string | undefined): Route {
  switch (segment) {
    case 'setup':
    case 'sign-in':
    case 'invite':
    case 'forgot-password':
    case 'reset':
    case 'import':
    case 'imports':
    case 'comments':
      return { name: segment };
    case 'settings':
      return { name: 'settings', section: 'account' };
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
  invite: '/invite',
  forgotPassword: '/forgot-password',
  reset: '/reset',
  import: '/import',
  imports: '/imports',
  importDetail: (id: string) => `/imports/${encodeURIComponent(id)}`,
  comments: '/comments',
  pageComments: (page: number) => `/comments/${page}`,
  settings: (section: Section) => `/settings/${section}`,
};

/** The screens that are there for whoever comes, signed in or not: a link leads to them. */
export function isForAnybody({ name }: Route): boolean {
  return ['setup', 'sign-in', 'invite', 'forgot-password', 'reset'].includes(name);
}

/** Only paths of our own are gone back to after signing in: never another host. */
export function safeReturnPath(path: string | null, home: string): string {
  if (!path?.startsWith('/') || path.startsWith('//') || path.includes('\\')) return home;
  const route = matchRoute(path.split(/[?#]/)[0] ?? '');
  const noReturn = route.name === 'home' || route.name === 'not-found' || isForAnybody(route);
  return noReturn ? home : path;
}
