import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A line to the server that can be cut and mended, on a port of its own. */
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

  /** Mends it; where it is to lead to another server from now on, that one's origin. */
  async mend(origin?: string): Promise<void> {
    if (origin) this.#target = Number(new URL(origin).port);
    this.#listener = createServer((near) => {
      const far = connect(this.#target, '127.0.0.1');
      for (const [from, to] of [[near, far] as const, [far, near] as const]) {
        this.#sockets.add(from);
        from.pipe(to);
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
