// A session that stands: stanzas out and in, IQs matched with their answers, acknowledgements.
import { ClientError } from '../api/base';
import { newId } from '../base/bytes';
import { stanzaError } from '../base/conditions';
import { bareOf, domainOf } from '../base/jid';
import * as NS from '../base/ns';
import { x, type Element } from '../xml/element';
import type { Management } from './management';
import type { Socket } from './socket';

/** Milliseconds an answer may take before the connection counts as broken, or the question as lost. */
const PATIENCE = { iq: 30_000, ack: 10_000 };
/** The server confirms what is on disk: after an answer without progress the next question waits this long. */
const ASK_AGAIN = 100;

interface Question {
  readonly to: string;
  readonly resolve: (answer: Element) => void;
  readonly reject: (error: ClientError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Session {
  private readonly questions = new Map<string, Question>();
  private socket: Socket | null = null;
  private ackTimer: ReturnType<typeof setTimeout> | null = null;
  private asked = false;
  private pongs: (() => void)[] = [];

  /** Stanzas that answer nothing. */
  onStanza: (stanza: Element) => void = () => {};
  /** The connection broke; the session may be resumed. */
  onLost: (reason: ClientError) => void = () => {};

  constructor(
    readonly jid: string,
    readonly management: Management | null,
  ) {}

  get bare(): string {
    return bareOf(this.jid);
  }

  get domain(): string {
    return domainOf(this.jid);
  }

  get live(): boolean {
    return this.socket?.open ?? false;
  }

  /** Takes a connection whose login is done; `resumed` sends again what the server has not confirmed. */
  attach(socket: Socket, resumed: boolean): void {
    this.socket = socket;
    this.asked = false;
    socket.onEnd = (reason) => this.lost(reason);
    if (resumed) for (const stanza of this.management?.rest ?? []) socket.send(stanza);
    if (this.management?.waiting) this.askForAck();
    socket.handle((element) => this.element(element));
  }

  /** Messages and presence. `stored` is called when the server has confirmed it. */
  send(stanza: Element, stored?: () => void): void {
    const full = stanza.ns ? stanza : x(stanza.name, { xmlns: NS.client, ...stanza.attrs }, stanza.children);
    this.management?.sent(full, stored);
    this.socket?.send(full);
    if (this.management && (stored || this.management.waiting > 20)) this.askForAck();
  }

  /** Asks, and answers with the result. `words`: what a condition means here. */
  request(iq: Element, words?: Parameters<typeof stanzaError>[1]): Promise<Element> {
    const id = iq.attr('id') || newId();
    return new Promise((resolve, reject) => {
      if (!this.live) return reject(new ClientError('connection-lost'));
      const timer = setTimeout(() => this.give(id, new ClientError('timeout')), PATIENCE.iq);
      const failed = (error: ClientError | Element): void => reject(error instanceof ClientError ? error : stanzaError(error, words));
      this.questions.set(id, { to: iq.attr('to'), resolve, reject: failed as Question['reject'], timer });
      this.send(iq.with({ id }));
    });
  }

  /** Whether the other end is there: resolves when it answers, ends the connection when it does not. */
  async probe(patience = PATIENCE.ack): Promise<void> {
    if (!this.live) throw new ClientError('connection-lost');
    const timer = setTimeout(() => this.socket?.end(new ClientError('timeout')), patience);
    try {
      if (this.management) await new Promise<void>((resolve) => (this.pongs.push(resolve), this.askForAck(true)));
      else await this.request(x('iq', { type: 'get', to: this.domain }, x('ping', { xmlns: NS.ping })));
    } finally {
      clearTimeout(timer);
    }
  }

  /** A nonza, such as client state (0352). */
  signal(element: Element): void {
    this.socket?.send(element);
  }

  /** Ends for good. */
  close(): void {
    if (this.management && this.live) this.socket!.send(x('a', { xmlns: NS.sm, h: this.management.received }));
    this.socket?.close();
    this.drop(new ClientError('cancelled'));
  }

  /** Cuts the connection as a lost network would; the session may be resumed. */
  cut(reason: ClientError): void {
    this.socket?.end(reason);
  }

  /** Everybody who waits is told; the session will not be resumed. */
  drop(reason: ClientError): void {
    for (const id of [...this.questions.keys()]) this.give(id, reason);
  }

  private lost(reason: ClientError): void {
    clearTimeout(this.ackTimer ?? undefined);
    this.ackTimer = null;
    this.pongs = [];
    this.onLost(reason);
  }

  private element(element: Element): void {
    if (element.ns === NS.sm) return this.acknowledgement(element);
    if (element.ns !== NS.client) return;
    this.management?.gotStanza();
    if (element.name === 'iq' && /^(result|error)$/.test(element.attr('type'))) this.answer(element);
    else this.onStanza(element);
  }

  private acknowledgement(element: Element): void {
    if (!this.management) return;
    if (element.name === 'r') return this.socket!.send(x('a', { xmlns: NS.sm, h: this.management.received }));
    if (element.name !== 'a') return;
    clearTimeout(this.ackTimer ?? undefined);
    this.ackTimer = null;
    this.asked = false;
    const before = this.management.waiting;
    if (!this.management.confirm(Number(element.attr('h')))) return this.socket!.close(new ClientError('connection-lost'));
    for (const pong of this.pongs.splice(0)) pong();
    if (this.management.waiting) setTimeout(() => this.askForAck(), this.management.waiting < before ? 0 : ASK_AGAIN);
  }

  /** One question at a time: its answer covers all that was sent before it, and asks again when there is more. */
  private askForAck(now = false): void {
    if (!this.live || (this.asked && !now)) return;
    this.asked = true;
    queueMicrotask(() => this.socket?.send(x('r', { xmlns: NS.sm })));
    this.ackTimer ??= setTimeout(() => this.socket?.end(new ClientError('timeout')), PATIENCE.ack);
  }

  /** An answer counts only from whom was asked (RFC 6120 §8.1.2.1, §10.3.3: none, own bare and full address, server). */
  private answer(iq: Element): void {
    const question = this.questions.get(iq.attr('id'));
    if (!question) return;
    const from = iq.attr('from');
    const ofAccount = ['', this.bare, this.jid];
    const mayBe = question.to === '' ? [...ofAccount, this.domain] : question.to === this.bare ? ofAccount : [question.to];
    if (mayBe.includes(from) || (question.to === this.domain && !from)) this.give(iq.attr('id'), iq);
  }

  private give(id: string, answer: Element | ClientError): void {
    const question = this.questions.get(id);
    this.questions.delete(id);
    clearTimeout(question?.timer);
    if (answer instanceof ClientError || answer.attr('type') === 'error') question?.reject(answer as ClientError);
    else question?.resolve(answer);
  }
}
