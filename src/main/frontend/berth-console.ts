import { LitElement, html } from 'lit';

/**
 * What the screens of all consoles share. A screen asks its server side for a ticket with the event "ticket-wanted", connects
 * when it gets one, and asks again after the connection broke. What becomes of that it tells with "console-state".
 */
export abstract class BerthConsole extends LitElement {
  private retry = 0;
  private left = false;
  private reason = '';

  render() {
    return html`<div id="screen"></div>`;
  }

  firstUpdated() {
    this.prepare(this.renderRoot.querySelector('#screen') as HTMLElement);
    this.want();
  }

  connectedCallback() {
    super.connectedCallback();
    this.left = false;
    if (this.hasUpdated) this.want();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.left = true;
    this.leave();
  }

  /** Called once, before the first ticket is wanted. */
  protected prepare(_screen: HTMLElement) {}

  /** Called by the server side with a fresh ticket. */
  abstract connect(url: string, ticket: string): void;

  /** Sends text as if it had been typed. */
  abstract type(text: string): void;

  /** Ends the connection; nobody looks any more. */
  protected abstract leave(): void;

  /** Called by the server side when there is no ticket now. */
  refused(reason: string) {
    this.reason = reason;
    this.again();
  }

  fullScreen() {
    this.requestFullscreen();
  }

  protected open(url: string, ticket: string): WebSocket {
    const address = new URL(url, location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(address, ['berth.console.v1', 'ticket.' + ticket]);
  }

  /** A control frame of the server; later versions may send types that are not known here. */
  protected told(message: { type: string; reason?: string }) {
    if (message.type === 'closed') this.reason = message.reason ?? 'The console was closed.';
  }

  protected connected() {
    this.retry = 0;
    this.reason = '';
    this.state('connected');
  }

  /** The connection broke: the next one comes a little later each time. */
  protected again() {
    if (this.left) return;
    this.state((this.reason + ' Reconnecting…').trim());
    const wait = Math.min(5000, 500 * 2 ** this.retry++);
    setTimeout(() => !this.left && this.want(), wait);
  }

  private want() {
    this.dispatchEvent(new CustomEvent('ticket-wanted'));
  }

  private state(text: string) {
    this.dispatchEvent(new CustomEvent('console-state', { detail: { text } }));
  }
}
