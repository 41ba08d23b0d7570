import { describe, expect, it } from 'vitest';
import { cleanBody } from './clean-body';

function cleaned(html: string): string {
  const host = document.createElement('div');
  host.appendChild(
    cleanBody(html, { document, imageLabel: (host, alt) => `[image ${host} ${alt}]` }),
  );
  return host.innerHTML;
}

describe('cleanBody', () => {
  it('keeps what comments are written with', () => {
    const html =
      '<p>One <b>two</b> <i>three</i><br><code>x</code></p><blockquote>four</blockquote>';
    expect(cleaned(html)).toBe(html);
  });

  it('drops what could run or load, with all that is in it', () => {
    expect(
      cleaned(
        'a<script>alert(1)</script><style>p{}</style><embed src="x"><textarea>t</textarea><object>o</object>' +
          '<form><input></form><link href="x"><meta><base href="//x"><svg><a href="#">s</a></svg>b',
      ),
    ).toBe('ab');
  });

  it('keeps the words of elements that it does not know', () => {
    expect(cleaned('<font color="red">red <b>bold</b></font><custom-tag>!</custom-tag>')).toBe(
      'red <b>bold</b>!',
    );
  });

  it('drops handlers, styles and classes', () => {
    expect(
      cleaned('<p onclick="x()" style="position:fixed" class="c" id="i" dir="rtl">a</p>'),
    ).toBe('<p dir="rtl">a</p>');
  });

  it('leaves words alone that look like styles and handlers', () => {
    expect(cleaned('Set style = "x" or onclick=1.')).toBe('Set style = "x" or onclick=1.');
    expect(cleaned('<a href="https://example.org/?a b/style=1">s</a>')).toContain('?a b/style=1"');
    expect(cleaned('a<STYLE>p {}</STYLE>b<styled>c</styled>')).toBe('abc');
  });

  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    '/relative',
  ])('gives no address to a link to %j', (href) => {
    const link = document.createElement('a');
    link.setAttribute('href', href);
    link.textContent = 'go';
    expect(cleaned(link.outerHTML)).toBe('<a>go</a>');
  });

  it('opens links elsewhere, without telling where from', () => {
    expect(cleaned('<a href="https://example.org/?a=1" rel="follow" target="_top">go</a>')).toBe(
      '<a href="https://example.org/?a=1" target="_blank" rel="noopener noreferrer nofollow">go</a>',
    );
  });

  it('does not load images of other hosts', () => {
    expect(cleaned('<img src="https://img.example.org/a.png" alt="A cat" onerror="x()">')).toBe(
      '<span class="image">[image img.example.org A cat]</span>',
    );
    expect(cleaned('<img src="/a.png">')).toBe('<span class="image">[image null ]</span>');
    expect(cleaned('<img src="data:image/svg+xml;base64,AA==">')).toContain('class="image"');
  });

  it('shows images that the comment itself holds', () => {
    expect(cleaned('<img src="data:image/png;base64,AA==" alt="dot">')).toBe(
      '<img src="data:image/png;base64,AA==" alt="dot">',
    );
  });

  it('survives any nesting, and keeps the words', () => {
    const deep = `${'<div>'.repeat(300)}deep${'</div>'.repeat(300)}`;
    const text = cleaned(deep);
    expect(text).toContain('deep');
    expect(text.split('<div>').length).toBeLessThan(110);
  });
});
