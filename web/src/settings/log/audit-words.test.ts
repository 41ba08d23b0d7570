import { expect, it } from 'vitest';
import { ACTION_GROUPS, ACTION_WORDS, actionOf, personOf } from './audit-words';

it('offers every kind of act once', () => {
  const offered = ACTION_GROUPS.flatMap(({ actions }) => actions);
  expect([...offered].sort()).toEqual(Object.keys(ACTION_WORDS).sort());
});

it('takes only kinds that there are from the address', () => {
  expect(actionOf('role_changed')).toBe('role_changed');
  for (const param of [null, '', 'toString', 'role-changed']) expect(actionOf(param)).toBeNull();
});

it('takes only ids from the address', () => {
  expect(personOf('12')).toBe(12);
  for (const param of [null, '', '0', '-1', '1e3', 'ann']) expect(personOf(param)).toBeNull();
});
