import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A line to the server that can be cut and mended, on a port of its own. It is an origin of its own, or a proxy by which a
 * browser comes to the server's: that one knows its name and its port where those are configured.
 */
export class Line {
  #listener: Server | undefined;
  #port = 0;
  #target: number;
  readonly #sockets = new Set<Socket>();

  private constructor(target: number) {
    this.#target = target;
  }

  static async to(origin: string): Promise<Line> {
    const line = new Line(Number(new URL(origin).port));
    await line.mend();
    return line;
  }

  get origin(): string {
    return `http://localhost:${this.#port}`;
  }

  get proxy(): string {
    return `socks5://127.0.0.1:${this.#port}`;
  }

  /** Mends it; where it is to lead to another server from now on, that one's origin. */
  async mend(origin?: string): Promise<void> {
    if (origin) this.#target = Number(new URL(origin).port);
    this.#listener = createServer((near) => {
      const far = connect(this.#target, '127.0.0.1');
      far.pipe(near);
      near.once('data', (first: Buffer) => {
        // Neither HTTP nor TLS begins so, but SOCKS (RFC 1928) does: no authentication, then, it succeeded, from 0.0.0.0:0. There
        // is one server, so what is asked for is not read.
        if (first[0] !== 5) {
          far.write(first);
          near.pipe(far);
          return;
        }
        near.once('data', () => {
          near.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
          near.pipe(far);
        });
        near.write(Uint8Array.of(5, 0));
      });
      for (const [from, to] of [[near, far] as const, [far, near] as const]) {
        this.#sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
      }
    }).listen(this.#port, '127.0.0.1');
    await once(this.#listener, 'listening');
    this.#port = (this.#listener.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = this.#listener && once(this.#listener, 'close');
    this.#listener?.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.cut();
  }
}
