import { describe, expect, it } from 'vitest';
import type { Detection } from '../generated/Detection';
import type { Readers, Reading } from './recognise';
import { recognise } from './recognise';

/** Parts that know files by the first word of their names. */
function parts(knowledge: Record<keyof Readers, string[]>) {
  const loaded: string[] = [];
  const freed: string[] = [];
  const part = (name: keyof Readers) => async () => {
    loaded.push(name);
    class Session {
      name = name;
      files: File[];
      constructor(files: File[]) {
        this.files = files;
      }
      free() {
        freed.push(name);
      }
      detect(): Detection {
        const words = this.files.map((file) => file.name.split('.')[0] ?? '');
        const known = [...new Set(words.filter((word) => knowledge[name].includes(word)))];
        return {
          format: known.length === 1 ? (known[0] ?? null) : null,
          name: null,
          reasons: [{ code: `asked_${name}`, detail: null }],
          gzip: false,
          candidates: known.length > 1 ? known : [],
          files: words.length,
          unknown_files: words.filter((word) => !knowledge[name].includes(word)).length,
        };
      }
    }
    return { Session } as unknown as Reading;
  };
  const readers: Readers = { xml: part('xml'), json: part('json'), tables: part('tables') };
  const ask = (...names: string[]) =>
    recognise(
      names.map((name) => new File([], name)),
      readers,
    );
  return { ask, loaded, freed };
}

const known = { xml: ['disqus', 'rss'], json: ['commento'], tables: ['muut'] };

describe('recognise', () => {
  it('loads no part behind the one that knows the files', async () => {
    const { ask, loaded, freed } = parts(known);
    const { detection, session } = await ask('disqus.xml');
    expect(detection.format).toBe('disqus');
    expect(session).toMatchObject({ name: 'xml' });
    expect([loaded, freed]).toEqual([['xml'], []]);
  });

  it('asks the next part where the first knows nothing, and gives back the others', async () => {
    const { ask, freed } = parts(known);
    const { detection, session } = await ask('muut.json');
    expect(detection.format).toBe('muut');
    expect(session).toMatchObject({ name: 'tables' });
    expect(freed).toEqual(['xml', 'json']);
  });

  it('takes the part that knows some of the files where no other knows the rest', async () => {
    const { ask, loaded } = parts(known);
    const { detection } = await ask('commento.json', 'readme.txt');
    expect(detection).toMatchObject({ format: 'commento', unknown_files: 1 });
    expect(loaded).toEqual(['xml', 'json', 'tables']);
  });

  it('sees a tie between two parts, which leaves the session without a format', async () => {
    const { ask } = parts(known);
    const { detection } = await ask('disqus.xml', 'muut.json');
    expect(detection).toMatchObject({ format: null, candidates: ['disqus', 'muut'] });
    expect(detection.reasons.map(({ code }) => code)).toEqual(['asked_xml', 'asked_tables']);
  });

  it('passes on a tie within a part', async () => {
    const { ask, loaded } = parts(known);
    const { detection } = await ask('disqus.xml', 'rss.xml');
    expect(detection).toMatchObject({ format: null, candidates: ['disqus', 'rss'] });
    expect(loaded).toEqual(['xml']);
  });

  it('says what the first part says where none knows the files', async () => {
    const { ask, loaded } = parts(known);
    const { detection } = await ask('picture.png');
    expect(detection).toMatchObject({ format: null, candidates: [] });
    expect(detection.reasons[0]?.code).toBe('asked_xml');
    expect(loaded).toEqual(['xml', 'json', 'tables']);
  });
});
