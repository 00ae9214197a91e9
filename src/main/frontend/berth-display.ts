import { css } from 'lit';
// @ts-ignore noVNC brings no type declarations
import RFB from '@novnc/novnc';
import { BerthConsole } from './berth-console';

const RETURN = 0xff0d;
const TAB = 0xff09;
const SHIFT = 0xffe1;
const SHIFTED = /[A-Z~!@#$%^&*()_+{}|:"<>?]/;

/** A graphical console by RFB; the desktop's name is never shown, so it cannot be markup. */
class BerthDisplay extends BerthConsole {
  static styles = css`
    :host { display: block; background: #101418; border-radius: 6px; min-height: 200px; overflow: hidden; }
    #screen { width: 100%; height: 100%; }
  `;

  private rfb?: any;

  protected leave() {
    this.rfb?.disconnect();
  }

  connect(url: string, ticket: string) {
    const screen = this.renderRoot.querySelector('#screen') as HTMLElement;
    screen.replaceChildren();
    this.rfb?.disconnect();
    const socket = this.open(url, ticket);
    // noVNC takes every frame as bytes and reads text frames as none: the control frames are for this listener.
    socket.addEventListener('message', (message) => {
      if (typeof message.data === 'string') this.told(JSON.parse(message.data));
    });
    const rfb = new RFB(screen, socket);
    rfb.scaleViewport = true;
    rfb.resizeSession = false;
    rfb.background = '#101418';
    rfb.addEventListener('connect', () => {
      this.connected();
      rfb.focus();
    });
    rfb.addEventListener('disconnect', () => {
      if (this.rfb === rfb) this.again();
    });
    this.rfb = rfb;
  }

  ctrlAltDel() {
    this.rfb?.sendCtrlAltDel();
    this.rfb?.focus();
  }

  /**
   * Sends text key by key, for guests that know no clipboard. The keys are those of an American keyboard: QEMU looks at the
   * key that a letter is on and leaves it to the client to hold Shift.
   */
  async type(text: string) {
    for (const letter of text.replace(/\r?\n/g, '\r')) {
      const code = letter.codePointAt(0)!;
      const keysym = letter === '\r' ? RETURN : letter === '\t' ? TAB : code < 0x100 ? code : 0x01000000 + code;
      const shifted = SHIFTED.test(letter);
      if (shifted) this.rfb?.sendKey(SHIFT, 'ShiftLeft', true);
      this.rfb?.sendKey(keysym, null);
      if (shifted) this.rfb?.sendKey(SHIFT, 'ShiftLeft', false);
      await new Promise((done) => setTimeout(done, 8));
    }
    this.rfb?.focus();
  }

  /** A digest of the picture; for tests. */
  picture(): string {
    const canvas = this.renderRoot.querySelector('canvas') as HTMLCanvasElement | null;
    return canvas ? canvas.toDataURL() : '';
  }
}

customElements.define('berth-display', BerthDisplay);
