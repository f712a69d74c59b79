// SPDX-License-Identifier: Apache-2.0
// Every call of the client passes here: cookie session, CSRF header, Idempotency-Key on POST, If-Match on edits,
// problem+json to Problem, reads repeated after 503 or a lost connection.
import createClient from 'openapi-fetch';
import { answerOf } from './ahead';
import { asProblem, Problem } from './problem';
import type { paths } from './schema';

export type Path = keyof paths & string;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type Value = string | number | boolean | null | undefined;

export interface Options {
  path?: Record<string, string>;
  query?: Record<string, Value | Value[]>;
  body?: unknown;
  /** version of the record the edit is based on: sent as If-Match */
  version?: number;
  /** Idempotency-Key; made anew for each POST unless the caller repeats one */
  key?: string;
  signal?: AbortSignal;
}

const REPEATS = 2;
let csrf = '';
let lang = 'ru';
let onSignedOut: () => void = () => undefined;

export function setCsrf(token: string): void {
  csrf = token;
}

export function setCallLanguage(code: string): void {
  lang = code;
}

/** What to do when the server says that the session is over (401 outside of sign-in). */
export function whenSignedOut(run: () => void): void {
  onSignedOut = run;
}

export const newKey = (): string => crypto.randomUUID();

const client = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: answerOf });
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

function cleanQuery(query: Options['query']): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') out[name] = value;
  }
  return out;
}

async function once<T>(method: Method, path: Path, options: Options, key: string): Promise<{ data: T; answer: Response }> {
  const headers: Record<string, string> = { 'Accept-Language': lang };
  if (method !== 'get') headers['X-CSRF-Token'] = csrf;
  if (method === 'post') headers['Idempotency-Key'] = key;
  if (options.version !== undefined) headers['If-Match'] = `"v${options.version}"`;
  const init = {
    params: { path: options.path ?? {}, query: cleanQuery(options.query) },
    ...(method === 'get' || method === 'delete' ? {} : { body: options.body ?? {} }),
    headers,
    signal: options.signal,
  };
  let result: { data?: unknown; error?: unknown; response: Response };
  try {
    result = (await client.request(method, path as never, init as never)) as typeof result;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem(0, { detail: String(error) });
  }
  if (!result.response.ok) {
    if (result.response.status === 401 && !path.startsWith('/v1/login') && path !== '/v1/session') onSignedOut();
    throw new Problem(result.response.status, result.error);
  }
  return { data: result.data as T, answer: result.response };
}

/** Sends one call; throws Problem. A POST is repeated only under its own key, so it cannot happen twice. */
export async function call<T>(method: Method, path: Path, options: Options = {}): Promise<T> {
  const key = options.key ?? newKey();
  for (let turn = 0; ; turn += 1) {
    try {
      return (await once<T>(method, path, options, key)).data;
    } catch (error) {
      const problem = asProblem(error);
      const isPassing = problem.status === 503 || problem.status === 0 || problem.slug === 'in-flight';
      const mayRepeat = method === 'get' || method === 'post';
      if (options.signal?.aborted || !isPassing || !mayRepeat || turn >= REPEATS) throw error;
      await pause(400 * 2 ** turn + Math.random() * 200);
    }
  }
}

export const get = <T>(path: Path, options?: Options): Promise<T> => call<T>('get', path, options);
export const post = <T>(path: Path, options?: Options): Promise<T> => call<T>('post', path, options);
export const patch = <T>(path: Path, options?: Options): Promise<T> => call<T>('patch', path, options);
export const put = <T>(path: Path, options?: Options): Promise<T> => call<T>('put', path, options);
export const del = <T>(path: Path, options?: Options): Promise<T> => call<T>('delete', path, options);

/** An address the browser opens itself: downloads and exports. */
export function address(path: Path, query: Options['query'] = {}, params: Record<string, string> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(cleanQuery(query))) {
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const tail = search.toString();
  return tail ? `${filled}?${tail}` : filled;
}

/** Sends a file as the raw body with progress (fetch has none for uploads). */
export function upload<T>(url: string, file: Blob, onProgress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', url);
    request.responseType = 'json';
    request.setRequestHeader('X-CSRF-Token', csrf);
    request.setRequestHeader('Idempotency-Key', newKey());
    request.setRequestHeader('Accept-Language', lang);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.upload.onprogress = (event) => onProgress(event.total > 0 ? event.loaded / event.total : 0);
    request.onload = () => {
      if (request.status < 300) resolve(request.response as T);
      else reject(new Problem(request.status, request.response));
    };
    request.onerror = () => reject(new Problem(0, {}));
    request.send(file);
  });
}
