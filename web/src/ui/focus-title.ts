/** Where the focus goes when what had it is gone, or another screen has come. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>('h1')?.focus();
}
