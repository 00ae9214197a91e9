import { css, unsafeCSS } from 'lit';
import { Terminal } from '@xterm/xterm';
import { FitAddon } from '@xterm/addon-fit';
import xtermStyle from '@xterm/xterm/css/xterm.css?inline';
import { BerthConsole } from './berth-console';

/** A text console. */
class BerthTerminal extends BerthConsole {
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

  protected prepare(screen: HTMLElement) {
    this.terminal = new Terminal({ cursorBlink: true, scrollback: 5000, fontSize: 14, theme: { background: '#101418' } });
    this.fit = new FitAddon();
    this.terminal.loadAddon(this.fit);
    this.terminal.open(screen);
    this.terminal.onData((text) => this.send(text));
    this.terminal.onResize(({ cols, rows }) => this.control({ type: 'resize', columns: cols, rows }));
    this.resizer = new ResizeObserver(() => this.fit?.fit());
    this.resizer.observe(this);
    this.fit.fit();
  }

  protected leave() {
    this.socket?.close();
  }

  connect(url: string, ticket: string) {
    this.socket?.close();
    const socket = this.open(url, ticket);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    socket.onopen = () => {
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
      if (this.socket === socket) this.again();
    };
  }

  type(text: string) {
    this.send(text.replace(/\r?\n/g, '\r'));
    this.terminal?.focus();
  }

  /** What stands on the screen; for tests. */
  text(): string {
    const buffer = this.terminal!.buffer.active;
    const lines: string[] = [];
    for (let i = 0; i < buffer.length; i++) lines.push(buffer.getLine(i)?.translateToString(true) ?? '');
    return lines.join('\n');
  }

  /** Rows and columns, as stty says them; for tests. */
  size(): string {
    return `${this.terminal!.rows} ${this.terminal!.cols}`;
  }

  protected told(message: { type: string; reason?: string }) {
    if (message.type === 'open') this.connected();
    else super.told(message);
  }

  private send(text: string) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(new TextEncoder().encode(text));
  }

  private control(message: object) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }
}

customElements.define('berth-terminal', BerthTerminal);
