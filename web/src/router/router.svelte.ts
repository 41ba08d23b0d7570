import { matchRoute, type Route } from './routes';

/** Which screen is shown: the address bar is the only truth. */
class Router {
  #path = $state(location.pathname);
  #search = $state(location.search);
  /** Counts up with each move to another address, so that focus can follow. */
  moves = $state(0);

  readonly route: Route = $derived(matchRoute(this.#path));
  readonly params: URLSearchParams = $derived(new URLSearchParams(this.#search));

  get path(): string {
    return this.#path + this.#search;
  }

  start(): () => void {
    const onPopState = () => this.#read();
    const onClick = (event: MouseEvent) => this.#followLink(event);
    window.addEventListener('popstate', onPopState);
    document.addEventListener('click', onClick);
    return () => {
      window.removeEventListener('popstate', onPopState);
      document.removeEventListener('click', onClick);
    };
  }

  go(path: string, options: { replace?: boolean } = {}): void {
    if (options.replace) history.replaceState(null, '', path);
    else history.pushState(null, '', path);
    this.#read();
    window.scrollTo(0, 0);
  }

  /** Changes the query of the screen that is shown, without a move. */
  setParam(name: string, value: string | null): void {
    const params = new URLSearchParams(this.#search);
    if (value === null || value === '') params.delete(name);
    else params.set(name, value);
    const query = params.toString();
    history.replaceState(null, '', this.#path + (query === '' ? '' : `?${query}`));
    this.#search = location.search;
  }

  #read(): void {
    const moved = location.pathname !== this.#path;
    this.#path = location.pathname;
    this.#search = location.search;
    if (moved) this.moves += 1;
  }

  #followLink(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href || link.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.hash !== '') return;
    if (matchRoute(url.pathname).name === 'not-found') return;
    event.preventDefault();
    this.go(url.pathname + url.search);
  }
}

export const router = new Router();
