import { LitElement, css, html, unsafeCSS } from 'lit';
import { Terminal } from '@xterm/xterm';
import { FitAddon } from '@xterm/addon-fit';
import xtermStyle from '@xterm/xterm/css/xterm.css?inline';

/**
 * A text console. It asks its server side for a ticket with the event "ticket-wanted", connects when it gets one, and asks
 * again after the connection broke.
 */
class BerthTerminal extends LitElement {
  static styles = [
    unsafeCSS(xtermStyle),
    css`
      :host { display: block; background: #101418; padding: 6px; border-radius: 6px; min-height: 200px; overflow: hidden; }
      #screen { width: 100%; height: 100%; }
    `,
  ];

  private terminal?: Terminal;
  private fit?: FitAddon;
  private socket?: WebSocket;
  private resizer?: ResizeObserver;
  private retry = 0;
  private left = false;
  private reason = '';

  render() {
    return html`<div id="screen"></div>`;
  }

  firstUpdated() {
    this.terminal = new Terminal({ cursorBlink: true, scrollback: 5000, fontSize: 14, theme: { background: '#101418' } });
    this.fit = new FitAddon();
    this.terminal.loadAddon(this.fit);
    this.terminal.open(this.renderRoot.querySelector('#screen') as HTMLElement);
    this.terminal.onData((text) => this.send(text));
    this.terminal.onResize(({ cols, rows }) => this.control({ type: 'resize', columns: cols, rows }));
    this.resizer = new ResizeObserver(() => this.fit?.fit());
    this.resizer.observe(this);
    this.fit.fit();
    this.want();
  }

  connectedCallback() {
    super.connectedCallback();
    this.left = false;
    if (this.terminal) this.want();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.left = true;
    this.socket?.close();
  }

  /** Called by the server side with a fresh ticket. */
  connect(url: string, ticket: string) {
    this.socket?.close();
    const address = new URL(url, location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address, ['berth.console.v1', 'ticket.' + ticket]);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
      this.reason = '';
      this.terminal?.reset();
      this.control({ type: 'resize', columns: this.terminal?.cols, rows: this.terminal?.rows });
      this.terminal?.focus();
    };
    socket.onmessage = (message) => {
      if (typeof message.data === 'string') {
        this.told(JSON.parse(message.data));
      } else {
        this.terminal?.write(new Uint8Array(message.data));
      }
    };
    socket.onclose = () => {
      if (this.socket === socket && !this.left) this.again();
    };
  }

  /** Called by the server side when there is no ticket now. */
  refused(reason: string) {
    this.reason = reason;
    this.again();
  }

  /** Sends text as if it had been typed. */
  type(text: string) {
    this.send(text.replace(/\r?\n/g, '\r'));
    this.terminal?.focus();
  }

  fullScreen() {
    this.requestFullscreen();
  }

  /** What stands on the screen; for tests. */
  text(): string {
    const buffer = this.terminal!.buffer.active;
    const lines: string[] = [];
    for (let i = 0; i < buffer.length; i++) lines.push(buffer.getLine(i)?.translateToString(true) ?? '');
    return lines.join('\n');
  }

  /** A control frame of the server; later versions may send types that are not known here. */
  private told(message: { type: string; reason?: string }) {
    if (message.type === 'open') {
      this.retry = 0;
      this.state('connected');
    } else if (message.type === 'closed') {
      this.reason = message.reason ?? 'The console was closed.';
    }
  }

  /** Rows and columns, as stty says them; for tests. */
  size(): string {
    return `${this.terminal!.rows} ${this.terminal!.cols}`;
  }

  private again() {
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

  private send(text: string) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(new TextEncoder().encode(text));
  }

  private control(message: object) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

customElements.define('berth-terminal', BerthTerminal);
