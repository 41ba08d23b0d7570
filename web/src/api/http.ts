import type { Problem } from '../generated/Problem';

/** An answer that is not a success, or no answer at all. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly problem: Problem) {
    super(problem.title);
  }

  get code(): string {
    return this.problem.code;
  }
}

type SignedOutListener = () => void;
const signedOutListeners = new Set<SignedOutListener>();

/** Is called whenever the server no longer knows who we are. */
export function onSignedOut(listener: SignedOutListener): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/** Tells everybody that the server no longer knows us; the worker's requests say so too. */
export function tellSignedOut(): void {
  for (const listener of signedOutListeners) listener();
}

/** The code of what the role of whoever asks does not allow. */
const ROLE_NEEDED = 'role_needed';
const roleListeners = new Set<() => void>();

/** Is called whenever the server says that the role does not allow what was asked: it may be another by now. */
export function onRoleNeeded(listener: () => void): () => void {
  roleListeners.add(listener);
  return () => roleListeners.delete(listener);
}

const BASE = '/api/v1';

/** Sends a request; throws an {@link ApiError} on anything but a success. */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: { accept: 'application/json' } };
  if (body !== undefined) {
    init.headers = { ...init.headers, 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(BASE + path, init);
  } catch {
    throw new ApiError({
      status: 0,
      code: 'network_lost',
      title: 'The server cannot be reached. Check the connection and try again.',
      line: null,
      import: null,
      differs: [],
      origin: null,
    });
  }
  if (!response.ok) throw await refused(response, path);
  // Some answers say all with their status.
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

async function refused(response: Response, path: string): Promise<ApiError> {
  const problem = await readProblem(response);
  // Signing in with the wrong password is a 401 too, and nobody was signed in before it.
  if (response.status === 401 && path !== '/session') tellSignedOut();
  if (problem.code === ROLE_NEEDED) for (const listener of roleListeners) listener();
  return new ApiError(problem);
}

async function readProblem(response: Response): Promise<Problem> {
  try {
    const problem = (await response.json()) as Partial<Problem>;
    if (typeof problem.code === 'string' && typeof problem.title === 'string') {
      return {
        status: response.status,
        code: problem.code,
        title: problem.title,
        line: problem.line ?? null,
        import: problem.import ?? null,
        differs: problem.differs ?? [],
        origin: problem.origin ?? null,
      };
    }
  } catch {
    // A proxy in between answers with a page of its own; the status is all there is to tell.
  }
  return {
    status: response.status,
    code: response.status >= 500 ? 'server_error' : 'server_refused',
    title: `The server answered ${response.status}.`,
    line: null,
    import: null,
    differs: [],
    origin: null,
  };
}

/** What went wrong, in a code that has a sentence. */
export function problemOf(error: unknown): { code: string; message: string } {
  if (error instanceof ApiError) return { code: error.code, message: error.message };
  return { code: 'unexpected', message: String(error) };
}
