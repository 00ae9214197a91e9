import { LitElement, css, html, nothing, unsafeCSS } from 'lit';
import uPlot from 'uplot';
import uPlotStyle from 'uplot/dist/uPlot.min.css?inline';

const LOWEST = 140;
/** Steps between the lines of an axis of bytes: powers of two, from a byte to a tebibyte. */
const BINARY = Array.from({ length: 41 }, (_, power) => 2 ** power);

/** A small live chart of one or two series over time. */
class BerthChart extends LitElement {
  static properties = { heading: { type: String }, empty: { type: String }, points: { state: true } };
  static styles = [
    unsafeCSS(uPlotStyle),
    css`
      :host { display: flex; flex-direction: column; height: 100%; }
      h4 { margin: 0 0 4px; font-size: var(--lumo-font-size-s); font-weight: 600; color: var(--lumo-secondary-text-color); }
      .u-legend { font-size: 11px; text-align: left; margin: 0; }
      /* As high as the card; out of the flow, so that the card does not grow with what is drawn in it. */
      #plot { flex: 1; min-height: ${unsafeCSS(LOWEST)}px; position: relative; }
      #plot[hidden] { display: none; }
      .uplot { position: absolute; inset: 0; }
      p { margin: 0; flex: 1; min-height: ${unsafeCSS(LOWEST)}px; display: grid; place-items: center; color: var(--lumo-secondary-text-color);
          font-size: var(--lumo-font-size-s); text-align: center; }
    `,
  ];

  declare heading: string;
  /** What to say while there is nothing to draw. */
  declare empty: string;
  declare points: number;
  private plot?: uPlot;
  private unit = '';

  constructor() {
    super();
    this.heading = '';
    this.empty = '';
    this.points = 0;
  }

  render() {
    const drawn = this.points > 1;
    return html`<h4>${this.heading}</h4>
      ${drawn ? nothing : html`<p>${this.empty}</p>`}
      <div id="plot" ?hidden=${!drawn}></div>`;
  }

  /** Shows points: seconds since 1970, then the values of each series. */
  show(labels: string[], unit: string, data: number[][]) {
    this.unit = unit;
    this.points = data[0].length;
    if (!this.plot) this.make(labels);
    this.plot!.setData(data as any);
  }

  private make(labels: string[]) {
    const colors = ['#1f7ae0', '#e0781f'];
    // A canvas knows no custom properties: the heading has the colour in plain words, whatever the theme is now.
    const heading = this.renderRoot.querySelector('h4') as HTMLElement;
    const axis = { stroke: () => getComputedStyle(heading).color, font: '11px sans-serif', grid: { stroke: 'rgba(128,128,128,0.15)' }, ticks: { show: false } };
    this.plot = new uPlot(
      {
        ...this.size(),
        legend: { show: labels.length > 1, live: false },
        cursor: { show: false },
        scales: { y: { range: (_u, _min, max) => [0, this.unit === '%' ? 100 : Math.max(1024, max * 1.1)] } },
        series: [{}, ...labels.map((label, i) => ({ label, stroke: colors[i], width: 1.5, fill: colors[i] + '18', points: { show: false } }))],
        axes: [{ ...axis, values: (_u, seconds) => seconds.map(clock) }, { ...axis, size: 62, incrs: this.unit === '%' ? [25, 50] : BINARY, values: (_u, values) => values.map((v) => this.format(v)) }],
      },
      [[], ...labels.map(() => [])] as any,
      this.renderRoot.querySelector('#plot') as HTMLElement,
    );
    const fit = () => this.plot?.setSize(this.size());
    fit(); // now that the legend has its height
    new ResizeObserver(fit).observe(this.renderRoot.querySelector('#plot')!);
  }

  /** What the canvas may take: the place for the plot without the legend below it. */
  private size(): { width: number; height: number } {
    const place = this.renderRoot.querySelector('#plot') as HTMLElement;
    const legend = this.renderRoot.querySelector('.u-legend') as HTMLElement | null;
    return { width: Math.max(220, place.clientWidth), height: Math.max(LOWEST, place.clientHeight) - (legend?.offsetHeight ?? 0) };
  }

  private format(value: number): string {
    if (this.unit === '%') return value.toFixed(0) + ' %';
    const units = ['B', 'KiB', 'MiB', 'GiB'];
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return value.toFixed(value < 10 && unit > 0 ? 1 : 0) + ' ' + units[unit] + this.unit;
  }
}

/** A time of day, as short as it can be. */
function clock(seconds: number): string {
  const time = new Date(seconds * 1000).toTimeString();
  return time.slice(0, seconds % 60 ? 8 : 5);
}

customElements.define('berth-chart', BerthChart);
