// What looks into the page and its worker while they work. The product's code stays as it is.

const CHANNEL = 'rehome-bench';

/** Runs in the worker, in front of its own script: tells the size of wasm memory with each message. */
function reportMemory(channel) {
  const reports = new BroadcastChannel(channel);
  const memories = [];
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...given) => {
      const made = await original.apply(WebAssembly, given);
      const exported = (made.instance ?? made).exports;
      memories.push(
        ...Object.values(exported).filter((item) => item instanceof WebAssembly.Memory),
      );
      return made;
    };
  }
  const post = self.postMessage.bind(self);
  self.postMessage = (...given) => {
    // It never shrinks: the last size is the largest.
    const bytes = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
    reports.postMessage(bytes);
    post(...given);
  };
}

/** Watches every worker of the pages to come. */
export async function watchWorker(context) {
  let largest = 0;
  await context.route('**/assets/*worker*.js', async (route) => {
    const response = await route.fetch();
    const probe = `(${reportMemory})(${JSON.stringify(CHANNEL)});\n`;
    await route.fulfill({ response, body: probe + (await response.text()) });
  });
  await context.exposeFunction('rehomeBenchMemory', (bytes) => {
    largest = Math.max(largest, bytes);
  });
  await context.addInitScript((channel) => {
    if (window !== top) return;
    new BroadcastChannel(channel).onmessage = ({ data }) => window.rehomeBenchMemory(data);
  }, CHANNEL);
  return { bytes: () => largest };
}

/** Notes how long the pages to come do not answer: tasks, and gaps between two turns of a timer. */
export async function watchPage(context) {
  await context.addInitScript(() => {
    if (window !== top) return;
    const longest = { taskMs: 0, gapMs: 0 };
    window.rehomeBenchBlocks = longest;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        longest.taskMs = Math.max(longest.taskMs, duration);
      }
    }).observe({ type: 'longtask' });
    const every = 10;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      longest.gapMs = Math.max(longest.gapMs, now - last - every);
      last = now;
    }, every);
  });
}

/** The longest blocks since the last call; a task of less than 50 ms is none. */
export function blocksOfPage(page) {
  return page.evaluate(() => {
    const { taskMs, gapMs } = window.rehomeBenchBlocks;
    Object.assign(window.rehomeBenchBlocks, { taskMs: 0, gapMs: 0 });
    return { taskMs, gapMs };
  });
}
