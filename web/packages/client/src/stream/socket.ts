// RFC 7395: XMPP over WebSocket, one whole element a frame. Knows framing and nothing above it.
import { ClientError } from '../api/base';
import { asClientError, streamError } from '../base/conditions';
import * as NS from '../base/ns';
import { x, type Element } from '../xml/element';
import { parseXml } from '../xml/parser';

export interface SocketOptions {
  readonly url: string;
  readonly WebSocket: typeof WebSocket;
  /** Milliseconds for each step until the session stands. */
  readonly patience: number;
}

export class Socket {
  private readonly arrived: Element[] = [];
  private waiting: { resolve: (e: Element) => void; reject: (e: ClientError) => void } | null = null;
  private handler: ((element: Element) => void) | null = null;
  private ended: ClientError | null = null;
  /** Called once, however it ends. */
  onEnd: (reason: ClientError) => void = () => {};

  private constructor(
    private readonly ws: WebSocket,
    private readonly patience: number,
  ) {}

  static open(options: SocketOptions): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const ws = new options.WebSocket(options.url, 'xmpp');
      const socket = new Socket(ws, options.patience);
      const timer = setTimeout(() => socket.end(new ClientError('timeout')), options.patience);
      socket.onEnd = (reason) => {
        clearTimeout(timer);
        reject(reason);
      };
      ws.onopen = () => {
        clearTimeout(timer);
        socket.onEnd = () => {};
        if (ws.protocol === 'xmpp') resolve(socket);
        else reject(socket.end(new ClientError('incompatible')));
      };
      ws.onmessage = (event) => socket.frame(event.data);
      const broken = (): void => void socket.end(new ClientError(ws.protocol ? 'connection-lost' : 'unreachable'));
      ws.onclose = broken;
      ws.onerror = broken;
    });
  }

  get open(): boolean {
    return !this.ended;
  }

  send(element: Element): void {
    if (!this.ended) this.ws.send(element.toString());
  }

  /** The next element, while nothing handles them all. */
  next(): Promise<Element> {
    const first = this.arrived.shift();
    if (first) return Promise.resolve(first);
    if (this.ended) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.end(new ClientError('timeout')), this.patience);
      this.waiting = {
        resolve: (e) => (clearTimeout(timer), resolve(e)),
        reject: (e) => (clearTimeout(timer), reject(e)),
      };
    });
  }

  /** From now on every element goes here, those that came already first. */
  handle(handler: (element: Element) => void): void {
    this.handler = handler;
    for (const element of this.arrived.splice(0)) handler(element);
  }

  /** Says goodbye and ends; `reason` is what waiters are told. */
  close(reason = new ClientError('cancelled')): void {
    if (!this.ended && this.ws.readyState === 1) this.send(x('close', { xmlns: NS.framing }));
    this.end(reason);
  }

  /** Ends without a goodbye, as a broken network does. */
  end(reason: ClientError): ClientError {
    if (this.ended) return this.ended;
    this.ended = reason;
    this.ws.onopen = this.ws.onmessage = this.ws.onclose = this.ws.onerror = null;
    this.ws.close();
    this.waiting?.reject(reason);
    this.waiting = null;
    this.onEnd(reason);
    return reason;
  }

  private frame(data: unknown): void {
    try {
      this.element(parseXml(data as string));
    } catch (error) {
      this.close(asClientError(error, 'connection-lost'));
    }
  }

  private element(element: Element): void {
    if (element.ns === NS.streams && element.name === 'error') return this.close(streamError(element));
    if (element.ns === NS.framing && element.name === 'close') return this.close(new ClientError('connection-lost'));
    const { waiting } = this;
    this.waiting = null;
    if (waiting) waiting.resolve(element);
    else if (this.handler) this.handler(element);
    else this.arrived.push(element);
  }
}

/** Opens, or after a SASL1 login opens anew, the stream; answers with its features. */
export async function openStream(socket: Socket, to: string, lang: string, from?: string): Promise<Element> {
  greet(socket, to, lang, from);
  return awaitFeatures(socket);
}

export function greet(socket: Socket, to: string, lang: string, from?: string): void {
  socket.send(x('open', { xmlns: NS.framing, to, from, version: '1.0', 'xml:lang': lang }));
}

export async function awaitFeatures(socket: Socket): Promise<Element> {
  const open = await socket.next();
  if (open.ns !== NS.framing || open.name !== 'open') throw new ClientError('incompatible');
  return features(await socket.next());
}

export function features(element: Element): Element {
  if (element.ns !== NS.streams || element.name !== 'features') throw new ClientError('incompatible');
  return element;
}
