// Runs cases one after the other: each begins where the one before ended, as a person would.

export class Skip extends Error {}

/** A case did not end. What it still waits for would disturb the next one, so the run is over. */
export class Stuck extends Error {}

/** Longer than the longest wait inside of a case. */
const CASE_MS = 180_000;

export class Cases {
  passed = 0;
  failed = 0;
  skipped = 0;

  /** `afterEach` may throw: what it finds fails the case. `onFailure` keeps what helps to see why. */
  constructor({ afterEach, onFailure }) {
    this.afterEach = afterEach;
    this.onFailure = onFailure;
  }

  async run(name, work) {
    const startedAt = performance.now();
    try {
      await inTime(work());
      await this.afterEach();
      this.passed += 1;
      this.#print('ok', name, startedAt);
    } catch (error) {
      if (error instanceof Skip) {
        this.skipped += 1;
        console.log(`SKIPPED  ${name}: ${error.message}`);
        return;
      }
      this.failed += 1;
      this.#print('FAILED', name, startedAt);
      console.log(`  ${String(error?.stack ?? error).replaceAll('\n', '\n  ')}`);
      await this.onFailure(name);
      if (error instanceof Stuck) throw error;
    }
  }

  #print(word, name, startedAt) {
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${word.padEnd(8)} ${name} (${seconds} s)`);
  }

  /** The last line, which `cargo xtask test` reads. */
  summary() {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}

async function inTime(work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Stuck(`it has not ended after ${CASE_MS / 1000} s`)),
      CASE_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
