// Browsers that follow imports live, as the pages do.
import assert from 'node:assert/strict';
import { Agent, get } from 'node:http';

/** Opens so many streams, and gives them once each has its snapshot. */
export async function openListeners(address, cookie, count) {
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
  return Promise.all(Array.from({ length: count }, () => open(address, cookie, agent)));
}

/** A stream and the times at which it told of an import. */
function open(address, cookie, agent) {
  return new Promise((resolve, reject) => {
    const asked = get(`${address}/api/v1/events`, { agent, headers: { cookie } }, (response) => {
      assert.equal(response.statusCode, 200);
      const told = new Map();
      const listener = {
        told,
        last: new Map(),
        end: () => asked.destroy(),
      };
      let rest = '';
      response.setEncoding('utf8');
      response.on('error', () => {});
      response.on('data', (text) => {
        const events = (rest + text).split('\n\n');
        rest = events.pop();
        for (const event of events) {
          const data = event.match(/^data: ?(.*)$/m)?.[1];
          if (!data) continue;
          if (/^event: ?snapshot$/m.test(event)) resolve(listener);
          if (!/^event: ?import$/m.test(event)) continue;
          const { id, state } = JSON.parse(data);
          told.set(id, [...(told.get(id) ?? []), performance.now()]);
          listener.last.set(id, state);
        }
      });
    });
    asked.on('error', reject);
  });
}

/** Messages a second about an import, of the stream that got the most of them. */
export function mostASecond(listeners, id) {
  const rates = listeners.map(({ told }) => {
    const times = told.get(id) ?? [];
    // Gaps, without one: the first may have come late, and the others are not to blame.
    return Math.max(times.length - 2, 0) / ((times.at(-1) - times[0]) / 1000);
  });
  return Math.max(...rates);
}
