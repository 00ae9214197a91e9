import { LitElement, css, html, nothing } from 'lit';

type State = 'waiting' | 'there' | 'sending' | 'done' | 'failed';
type Row = { file: File; path: string; mode: string; state: State; sent: number; note: string; request?: XMLHttpRequest };

/**
 * Sends files into a directory of an instance through the REST API, one after the other, each streamed from the disk, with
 * progress. Files are chosen, or dropped anywhere on the element that holds this one. It says "chosen", and its server side
 * answers with the directory and what lies there.
 */
class BerthFiles extends LitElement {
  static properties = { target: {}, rows: { state: true } };
  static styles = css`
    :host { display: block; }
    :host([hidden]), input { display: none; }
    ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 6px; font-size: var(--lumo-font-size-s); max-height: 180px; overflow: auto; }
    li { display: grid; grid-template-columns: minmax(90px, 1fr) minmax(80px, 2fr) minmax(120px, max-content) auto; gap: 4px 12px; align-items: center; }
    .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 500; }
    .note { grid-column: 2 / 4; }
    progress { width: 100%; height: 8px; accent-color: var(--lumo-primary-color); }
    .failed .note { color: var(--lumo-error-text-color); }
    .done .note { color: var(--lumo-success-text-color); }
    button { font: inherit; border: 0; border-radius: 6px; padding: 3px 10px; cursor: pointer; background: var(--lumo-contrast-10pct); color: var(--lumo-body-text-color); }
  `;

  declare target: string;
  declare rows: Row[];
  private chosen: File[] = [];
  private busy = false;

  constructor() {
    super();
    this.target = '';
    this.rows = [];
  }

  connectedCallback() {
    super.connectedCallback();
    const zone = this.parentElement!;
    zone.addEventListener('dragover', this.over);
    zone.addEventListener('dragleave', this.leave);
    zone.addEventListener('drop', this.drop);
  }

  render() {
    return html`<input type="file" multiple aria-label="Files to upload" @change=${this.picked} />
      ${this.rows.length ? html`<ul aria-live="polite">${this.rows.map((row) => this.row(row))}</ul>` : nothing}`;
  }

  private row(row: Row) {
    const percent = row.file.size ? (row.sent / row.file.size) * 100 : 0;
    return html`<li class=${row.state}>
      <span class="name" title=${row.path}>${row.file.name}</span>
      ${row.state === 'sending'
        ? html`<progress max="100" value=${percent} aria-label=${row.file.name}></progress><span>${percent.toFixed(0)} %${row.note}</span>`
        : html`<span class="note" role=${row.state === 'failed' ? 'alert' : 'status'}>${row.note}</span>`}
      <span>
        ${row.state === 'there'
          ? html`<button @click=${() => this.replace(row)}>Replace</button> <button @click=${() => this.drop1(row)}>Skip</button>`
          : html`<button aria-label="Remove ${row.file.name} from the list" title=${row.state === 'sending' ? 'Cancel' : 'Remove from the list'}
              @click=${() => this.drop1(row)}>✕</button>`}
      </span>
    </li>`;
  }

  choose() {
    this.renderRoot.querySelector('input')!.click();
  }

  private picked(event: Event) {
    const input = event.target as HTMLInputElement;
    this.ask([...(input.files ?? [])]);
    input.value = '';
  }

  private over = (event: DragEvent) => {
    if (event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      this.parentElement?.classList.add('drop');
    }
  };

  private leave = () => this.parentElement?.classList.remove('drop');

  private drop = (event: DragEvent) => {
    event.preventDefault();
    this.leave();
    // A directory has no content to be sent.
    const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.webkitGetAsEntry()?.isFile);
    this.ask(items.map((item) => item.getAsFile()).filter((file): file is File => file !== null));
  };

  private ask(files: File[]) {
    if (!files.length) return;
    this.rows = this.rows.filter((row) => row.state !== 'done');
    this.chosen.push(...files);
    this.dispatchEvent(new CustomEvent('chosen'));
  }

  /** Goes on with the chosen files: where they go, and the modes of what lies there by name, empty for what is no file. */
  take(directory: string, there: string) {
    const modes: Record<string, string> = JSON.parse(there);
    const rows = this.chosen.splice(0).map((file): Row => {
      const row = { file, path: directory + file.name, sent: 0 };
      if (!Object.hasOwn(modes, file.name)) return { ...row, mode: '644', state: 'waiting', note: 'waiting' };
      const mode = modes[file.name];
      return mode
        ? { ...row, mode, state: 'there', note: 'There is a file of this name already.' }
        : { ...row, mode, state: 'failed', note: 'Something else has this name already; rename the file or delete that.' };
    });
    this.rows = [...this.rows, ...rows];
    this.work();
  }

  /** The chosen files go nowhere. */
  forget() {
    this.chosen = [];
  }

  private replace(row: Row) {
    this.change(row, { state: 'waiting', note: 'waiting' });
    this.work();
  }

  private drop1(row: Row) {
    row.request?.abort();
    this.rows = this.rows.filter((other) => other !== row);
  }

  private change(row: Row, changes: Partial<Row>) {
    Object.assign(row, changes);
    this.requestUpdate();
  }

  private async work() {
    if (this.busy) return;
    this.busy = true;
    for (let row; (row = this.rows.find((one) => one.state === 'waiting')); ) {
      try {
        this.change(row, { state: 'sending', note: '' });
        await this.send(row);
        this.change(row, { state: 'done', note: `uploaded, ${this.size(row.file.size)}` });
      } catch (e: any) {
        this.change(row, { state: 'failed', note: e.message });
      }
    }
    this.busy = false;
  }

  private async send(row: Row) {
    const session = await fetch('/api/v1/session');
    if (!session.ok) throw new Error('Your session has ended; log in again.');
    const { csrfToken } = await session.json();
    const begun = performance.now();
    await new Promise<void>((done, fail) => {
      // fetch tells nothing about what it has sent.
      const request = new XMLHttpRequest();
      row.request = request;
      request.open('PUT', `${this.target}?path=${encodeURIComponent(row.path)}&mode=${row.mode}`);
      request.setRequestHeader('X-Berth-CSRF', csrfToken);
      request.setRequestHeader('Content-Type', 'application/octet-stream');
      request.upload.onprogress = (event) => {
        const perSecond = event.loaded / Math.max(0.001, (performance.now() - begun) / 1000);
        this.change(row, { sent: event.loaded, note: ` of ${this.size(row.file.size)}, ${this.size(perSecond)}/s` });
      };
      request.onload = () => (request.status < 300 ? done() : fail(new Error(this.problem(request))));
      request.onerror = () => fail(new Error('The connection broke; nothing was changed there. Upload it again.'));
      request.onabort = () => fail(new Error('Cancelled; nothing was changed there.'));
      request.send(row.file);
    });
  }

  private problem(request: XMLHttpRequest): string {
    try {
      return JSON.parse(request.responseText).detail;
    } catch {
      return `The server answered ${request.status}; upload it again.`;
    }
  }

  private size(bytes: number): string {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let unit = 0;
    for (; bytes >= 1024 && unit < units.length - 1; unit++) bytes /= 1024;
    return `${bytes.toFixed(unit && bytes < 100 ? 1 : 0)} ${units[unit]}`;
  }
}

customElements.define('berth-files', BerthFiles);
