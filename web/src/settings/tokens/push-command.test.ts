import { expect, it } from 'vitest';
import { pushCommand } from './push-command';

it('names the server, the file of the token, the site and the export', () => {
  expect(pushCommand('https://rehome.example.org', 7)).toBe(
    'rehome push --server https://rehome.example.org --token-file rehome-token.txt --site 7 FILE',
  );
});
