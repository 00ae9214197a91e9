import { LitElement, css, html } from 'lit';
// @ts-ignore noVNC brings no type declarations
import RFB from '@novnc/novnc';

/** A graphical console by RFB; the desktop's name is never shown, so it cannot be markup. Tickets as in berth-terminal. */
class BerthDisplay extends LitElement {
  static styles = css`
    :host { display: block; background: #101418; border-radius: 6px; min-height: 200px; overflow: hidden; }
    #screen { width: 100%; height: 100%; }
  `;

  private rfb?: any;
  private retry = 0;
  private left = false;

  render() {
    return html`<div id="screen"></div>`;
  }

  firstUpdated() {
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
    this.rfb?.disconnect();
  }

  /** Called by the server side with a fresh ticket. */
  connect(url: string, ticket: string) {
    const address = new URL(url, location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const screen = this.renderRoot.querySelector('#screen') as HTMLElement;
    screen.replaceChildren();
    const rfb = new RFB(screen, address.href, { wsProtocols: ['berth.console.v1', 'ticket.' + ticket] });
    rfb.scaleViewport = true;
    rfb.resizeSession = false;
    rfb.background = '#101418';
    rfb.addEventListener('connect', () => {
      this.retry = 0;
      this.state('connected');
      rfb.focus();
    });
    rfb.addEventListener('disconnect', () => {
      if (this.rfb === rfb && !this.left) this.again();
    });
    this.rfb = rfb;
  }

  refused(reason: string) {
    this.state(reason);
    this.again();
  }

  ctrlAltDel() {
    this.rfb?.sendCtrlAltDel();
    this.rfb?.focus();
  }

  /** Sends text key by key, for guests that know no clipboard. */
  async type(text: string) {
    for (const letter of text.replace(/\r?\n/g, '\r')) {
      const code = letter.codePointAt(0)!;
      const keysym = letter === '\r' ? 0xff0d : letter === '\t' ? 0xff09 : code < 0x100 ? code : 0x01000000 + code;
      this.rfb?.sendKey(keysym, null);
      await new Promise((done) => setTimeout(done, 8));
    }
    this.rfb?.focus();
  }

  fullScreen() {
    this.requestFullscreen();
  }

  /** A digest of the picture; for tests. */
  picture(): string {
    const canvas = this.renderRoot.querySelector('canvas') as HTMLCanvasElement | null;
    return canvas ? canvas.toDataURL() : '';
  }

  private again() {
    this.state('reconnecting…');
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

customElements.define('berth-display', BerthDisplay);
