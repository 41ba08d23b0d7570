// Runs cases one after the other: each begins where the one before ended, as a person would.

export class Skip extends Error {}

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
      await work();
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
