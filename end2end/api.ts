/** What the server's API answers, as far as the tests look at it. */

import { type APIRequestContext, expect } from '@playwright/test';

export const schemes = ['session-cookie', 'session-storage', 'token-cookie', 'token-storage'] as const;
export type Scheme = (typeof schemes)[number];

/** The two questions: what proves you, and who attaches it. */
export const isSession = (scheme: Scheme): boolean => scheme.startsWith('session');
export const isCookie = (scheme: Scheme): boolean => scheme.endsWith('cookie');

export interface Row {
  key: string;
  user: string;
  role: string;
  cart: string[];
  idle_until: number;
  expires_at: number;
}

export interface ServerView {
  now: number;
  topology: { nodes: number; routing: string; store: string };
  nodes: { id: number; up: boolean; requests: number; sessions: Row[] }[];
  store?: { kind: string; available: boolean; sessions: Row[] };
  replication: { messages: number; lost: number; in_flight: number };
  crowd: { running: object | null; results: { outcomes: { known: number; mistaken: number } }[] };
  keys: { kid: string; alg: string; bits: number; signs: boolean }[];
  users: { name: string; role: string; disabled: boolean }[];
  denylist: { jti: string; expires_at: number }[];
  defences: Record<string, boolean>;
  faults: Record<string, boolean | number>;
  attacker: { origin: string; neighbour?: string; window: boolean; third_party?: boolean; loot: { id: number; scheme: Scheme; credential: string; replayed?: number | null }[] };
}

export interface Exchange {
  id: number;
  from: string;
  node: number | null;
  request: { method: string; path: string; headers: [string, string][]; body?: string };
  response: { status: number; headers: [string, string][]; body?: string };
  steps: { did: string; detail: string; micros: number }[];
}

/** A lab as the server has it: what the page must agree with. It asks as curl would, without any cookie. */
export class ServerSide {
  readonly #request: APIRequestContext;
  readonly #base: string;

  constructor(request: APIRequestContext, lab: string) {
    this.#request = request;
    this.#base = `/lab/${lab}`;
  }

  async view(): Promise<ServerView> {
    return (await this.#get('control/view')) as ServerView;
  }

  /** What the page keeps of what was measured, if anything. */
  async results(): Promise<unknown> {
    return ((await this.#get('control/results')) as { results: unknown }).results;
  }

  async rows(): Promise<Row[]> {
    const { nodes, store } = await this.view();
    return [...nodes.flatMap((node) => node.sessions), ...(store?.sessions ?? [])];
  }

  /** The exchanges with one route, oldest first; `''` is the page itself. */
  async exchanges(route: string): Promise<Exchange[]> {
    const all = (await this.#get('control/exchanges')) as Exchange[];
    const path = route ? `${this.#base}/${route}` : this.#base;
    return all.filter((exchange) => exchange.request.path.split('?')[0] === path);
  }

  /** The last exchange with a route. */
  async last(route: string): Promise<Exchange> {
    const last = (await this.exchanges(route)).at(-1);
    if (!last) throw new Error(`no exchange with ${route} was recorded`);
    return last;
  }

  /** Logs in from elsewhere with a session, and keeps nothing of it. */
  async logIn(username: string): Promise<void> {
    const data = { username, password: `${username}-password`, scheme: 'session-storage' satisfies Scheme };
    expect((await this.#request.post(`${this.#base}/api/login`, { data })).status()).toBe(200);
  }

  /** Steers the lab, as a control of the page would. */
  async control(method: 'POST' | 'PUT', route: string, data: object = {}): Promise<void> {
    const response = await this.#request.fetch(`${this.#base}/control/${route}`, { method, data });
    expect(response.status(), `${method} control/${route}`).toBe(200);
  }

  /** `GET api/me` with a credential in its own carrier: the status that whoever has a copy gets. */
  async meWith(scheme: Scheme, credential: string): Promise<number> {
    const name = isSession(scheme) ? 'sid' : 'token';
    const headers: Record<string, string> = isCookie(scheme)
      ? { Cookie: `${name}=${credential}` }
      : { Authorization: `Bearer ${credential}` };
    return (await this.#request.get(`${this.#base}/api/me`, { headers })).status();
  }

  async #get(route: string): Promise<unknown> {
    const response = await this.#request.get(`${this.#base}/${route}`);
    expect(response.status(), `GET ${route}`).toBe(200);
    return response.json();
  }
}

/** The values of a header, whatever the case of its name. */
export function header(headers: [string, string][], name: string): string[] {
  return headers.filter(([n]) => n.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

/** The credential that an answer hands out: in its body, or as a cookie. */
export function handedOut({ response }: Exchange): string {
  const inBody = response.body && (JSON.parse(response.body) as { access_token?: string }).access_token;
  const inCookie = header(response.headers, 'set-cookie')
    .map((cookie) => /^(?:__Host-)?(?:sid|token)=([^;]+)/.exec(cookie)?.[1])
    .find(Boolean);
  const credential = inBody || inCookie;
  if (!credential) throw new Error('the answer hands out no credential');
  return credential;
}
