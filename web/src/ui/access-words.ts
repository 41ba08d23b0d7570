import type { Role } from '../generated/Role';
import type { Scope } from '../generated/Scope';
import { i18n, type PlainKey, t } from '../i18n/i18n.svelte';

export const ROLES: readonly Role[] = ['viewer', 'admin', 'owner'];
export const ROLE_WORDS = {
  viewer: 'role-viewer',
  admin: 'role-admin',
  owner: 'role-owner',
} as const satisfies Record<Role, PlainKey>;
/** What a role may do, in a sentence. */
export const ROLE_MEANS = {
  viewer: 'role-viewer-means',
  admin: 'role-admin-means',
  owner: 'role-owner-means',
} as const satisfies Record<Role, PlainKey>;

export const SCOPES: readonly Scope[] = ['read', 'import', 'export'];
export const SCOPE_WORDS = {
  read: 'scope-read',
  import: 'scope-import',
  export: 'scope-export',
} as const satisfies Record<Scope, PlainKey>;
/** What a token with the scope may do, in a sentence. */
export const SCOPE_MEANS = {
  read: 'scope-read-means',
  import: 'scope-import-means',
  export: 'scope-export-means',
} as const satisfies Record<Scope, PlainKey>;

/** The role in words; a word of a later server as it is. */
export function roleWord(role: string): string {
  return Object.hasOwn(ROLE_WORDS, role) ? t(ROLE_WORDS[role as Role]) : role;
}

/** What a token may do, as a list in words; likewise. */
export function scopeWords(scopes: readonly string[]): string {
  const words = scopes.map((scope) =>
    Object.hasOwn(SCOPE_WORDS, scope) ? t(SCOPE_WORDS[scope as Scope]) : scope,
  );
  return new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(words);
}
