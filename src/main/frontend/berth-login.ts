import { LitElement, css, html, nothing } from 'lit';

/** Login and first set-up. It speaks to the REST API directly, so that the password takes no other way. */
class BerthLogin extends LitElement {
  static properties = { setup: { type: Boolean }, problem: { state: true }, busy: { state: true } };
  static styles = css`
    :host { display: block; width: 320px; max-width: 90vw; }
    label { display: block; margin: 12px 0 4px; font-size: var(--lumo-font-size-s); color: var(--lumo-secondary-text-color); }
    input { width: 100%; box-sizing: border-box; font: inherit; padding: 9px 10px; border-radius: 6px; color: inherit;
            border: 1px solid var(--lumo-contrast-30pct); background: var(--lumo-base-color); }
    input:focus { outline: 2px solid var(--lumo-primary-color-50pct); }
    button { width: 100%; margin-top: 20px; padding: 10px; font: inherit; font-weight: 600; border: 0; border-radius: 6px;
             background: var(--lumo-primary-color); color: var(--lumo-primary-contrast-color); cursor: pointer; }
    button[disabled] { opacity: 0.6; }
    p { margin: 14px 0 0; color: var(--lumo-error-text-color); font-size: var(--lumo-font-size-s); }
    small { color: var(--lumo-secondary-text-color); }
  `;

  declare setup: boolean;
  declare problem: string;
  declare busy: boolean;

  constructor() {
    super();
    this.setup = false;
    this.problem = '';
    this.busy = false;
  }

  render() {
    return html`<form @submit=${this.submit}>
      ${this.setup
        ? html`<label for="code">Set-up code</label>
            <input id="code" name="code" required autocomplete="off" autofocus />
            <small>infra/up printed it; it also stands in the file setup-code of the state directory.</small>`
        : nothing}
      <label for="name">Name</label>
      <input id="name" name="name" required autocomplete="username" ?autofocus=${!this.setup} />
      <label for="password">Password</label>
      <input id="password" name="password" type="password" required minlength=${this.setup ? 10 : 1}
        autocomplete=${this.setup ? 'new-password' : 'current-password'} />
      <button ?disabled=${this.busy}>${this.setup ? 'Create the first admin' : 'Log in'}</button>
      ${this.problem ? html`<p role="alert">${this.problem}</p>` : nothing}
    </form>`;
  }

  private async submit(event: SubmitEvent) {
    event.preventDefault();
    this.busy = true;
    this.problem = '';
    const body = Object.fromEntries(new FormData(event.target as HTMLFormElement));
    try {
      const response = await fetch(this.setup ? '/api/v1/setup' : '/api/v1/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (response.ok) {
        location.assign('/');
        return;
      }
      const answer = await response.json();
      this.problem = answer.detail ?? 'The server refused.';
    } catch (e) {
      this.problem = 'The server does not answer; try again.';
    }
    this.busy = false;
  }
}

customElements.define('berth-login', BerthLogin);
