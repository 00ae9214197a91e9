import { LitElement, css, html, nothing } from 'lit';

/** Uploads one file through the REST API with progress, and says "uploaded" with the upload's id. Resumes where it broke. */
class BerthUpload extends LitElement {
  static properties = { progress: { state: true }, problem: { state: true }, file: { state: true } };
  static styles = css`
    :host { display: block; }
    progress { width: 100%; height: 8px; accent-color: var(--lumo-primary-color); }
    input { font: inherit; color: inherit; max-width: 100%; }
    input::file-selector-button { font: inherit; font-weight: 500; color: var(--lumo-primary-text-color); border: 0; border-radius: 6px;
      padding: 8px 14px; margin-right: 12px; background: var(--lumo-contrast-5pct); cursor: pointer; }
    p { margin: 4px 0; font-size: var(--lumo-font-size-s); }
    .problem { color: var(--lumo-error-text-color); }
  `;
  private static readonly PART = 8 * 1024 * 1024;

  declare progress: number;
  declare problem: string;
  declare file: string;
  /** Where the file goes; set by the server side. */
  node?: string | null;
  private speed = '';

  constructor() {
    super();
    this.progress = -1;
    this.problem = '';
    this.file = '';
  }

  render() {
    return html`<input type="file" aria-label="Image file" @change=${this.chosen} ?disabled=${this.progress >= 0} />
      ${this.progress >= 0
        ? html`<progress max="100" value=${this.progress}></progress><p>${this.file}: ${this.progress.toFixed(0)} %${this.speed}</p>`
        : nothing}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}`;
  }

  private async chosen(event: Event) {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    this.problem = '';
    this.file = file.name;
    this.progress = 0;
    try {
      const id = await this.send(file);
      this.dispatchEvent(new CustomEvent('uploaded', { detail: { id, name: file.name } }));
    } catch (e: any) {
      this.problem = e.message ?? 'The upload failed.';
      this.progress = -1;
    }
  }

  private async send(file: File): Promise<string> {
    const csrf = (await this.json('GET', '/api/v1/session')).csrfToken;
    const upload = await this.json('POST', '/api/v1/uploads', JSON.stringify({ size: file.size, node: this.node ?? undefined }), csrf);
    let offset = 0;
    let failures = 0;
    const begun = performance.now();
    while (offset < file.size) {
      const part = file.slice(offset, offset + BerthUpload.PART);
      try {
        offset = (await this.json('PUT', `/api/v1/uploads/${upload.id}?offset=${offset}`, part, csrf)).received;
        failures = 0;
      } catch (e) {
        if (++failures > 5) throw e;
        await new Promise((done) => setTimeout(done, 1000 * failures));
        offset = (await this.json('GET', `/api/v1/uploads/${upload.id}`)).received;
      }
      this.progress = (offset / file.size) * 100;
      const perSecond = (offset / 1048576 / (performance.now() - begun)) * 1000;
      this.speed = ` of ${(file.size / 1048576).toFixed(0)} MiB, ${perSecond.toFixed(1)} MiB/s`;
    }
    return upload.id;
  }

  private async json(method: string, path: string, body?: BodyInit, csrf?: string): Promise<any> {
    const headers: Record<string, string> = {};
    if (csrf) headers['X-Berth-CSRF'] = csrf;
    if (body) headers['Content-Type'] = typeof body === 'string' ? 'application/json' : 'application/octet-stream';
    const response = await fetch(path, { method, headers, body });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? response.statusText);
    return answer;
  }
}

customElements.define('berth-upload', BerthUpload);
