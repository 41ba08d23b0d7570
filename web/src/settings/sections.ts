import type { Role } from '../generated/Role';
import type { Section } from '../router/routes';

/** Which part of the settings is for which role: the server lets no others in either. */
const FOR: Record<Section, readonly Role[]> = {
  account: ['viewer', 'admin', 'owner'],
  people: ['viewer', 'admin', 'owner'],
  tokens: ['admin', 'owner'],
  sites: ['owner'],
  log: ['owner'],
  health: ['owner'],
};

export function isOpenTo(section: Section, role: Role | null): boolean {
  return role !== null && FOR[section].includes(role);
}
