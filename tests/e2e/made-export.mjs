// Exports of Disqus that a case makes up: so many comments, on pages with these addresses.

const HEAD = `<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">`;

/**
 * `pages` are `{link, title, comments}`; ids count up from `firstId`, so that two
 * exports with the same one hold the same comments.
 */
export function madeExport({ forum, pages, firstId = 1, name = `${forum}.xml` }) {
  const parts = [HEAD];
  for (const [index, { link, title }] of pages.entries()) {
    parts.push(`<thread dsq:id="${firstId + index}"><id /><forum>${forum}</forum>
<link>${link}</link><title>${title}</title><message /><createdAt>2019-03-01T08:00:00Z</createdAt>
<author><name>Example Owner</name><isAnonymous>false</isAnonymous></author>
<isClosed>false</isClosed><isDeleted>false</isDeleted></thread>`);
  }
  let id = firstId;
  for (const [index, { comments }] of pages.entries()) {
    for (let number = 1; number <= comments; number += 1, id += 1) {
      parts.push(`<post dsq:id="${id}"><id /><message><![CDATA[<p>Words of comment ${id}.</p>]]></message>
<createdAt>2019-06-03T09:14:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
<author><name>Person ${id % 97}</name><isAnonymous>true</isAnonymous></author>
<thread dsq:id="${firstId + index}" /></post>`);
    }
  }
  parts.push('</disqus>');
  return { name, mimeType: 'text/xml', buffer: Buffer.from(parts.join('\n')) };
}
