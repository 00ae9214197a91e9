import { LitElement, css, html, unsafeCSS } from 'lit';
import uPlot from 'uplot';
import uPlotStyle from 'uplot/dist/uPlot.min.css?inline';

/** A small live chart of one or two series over time. */
class BerthChart extends LitElement {
  static properties = { heading: { type: String } };
  static styles = [
    unsafeCSS(uPlotStyle),
    css`
      :host { display: block; }
      h4 { margin: 0 0 4px; font-size: var(--lumo-font-size-s); font-weight: 600; color: var(--lumo-secondary-text-color); }
      .u-legend { font-size: 11px; }
    `,
  ];

  declare heading: string;
  private plot?: uPlot;
  private unit = '';

  constructor() {
    super();
    this.heading = '';
  }

  render() {
    return html`<h4>${this.heading}</h4><div id="plot"></div>`;
  }

  /** Shows points: seconds since 1970, then the values of each series. */
  show(labels: string[], unit: string, data: number[][]) {
    this.unit = unit;
    if (!this.plot) this.make(labels);
    this.plot!.setData(data as any);
  }

  private make(labels: string[]) {
    const colors = ['#1f7ae0', '#e0781f'];
    const grey = getComputedStyle(this).getPropertyValue('--lumo-secondary-text-color') || '#888';
    const axis = { stroke: grey, grid: { stroke: 'rgba(128,128,128,0.15)' }, ticks: { show: false } };
    this.plot = new uPlot(
      {
        width: Math.max(220, this.clientWidth),
        height: 140,
        legend: { show: labels.length > 1 },
        cursor: { show: false },
        scales: { y: { range: (_u, _min, max) => [0, this.unit === '%' ? 100 : Math.max(1024, max * 1.1)] } },
        series: [{}, ...labels.map((label, i) => ({ label, stroke: colors[i], width: 1.5, fill: colors[i] + '18' }))],
        axes: [axis, { ...axis, size: 62, values: (_u, values) => values.map((v) => this.format(v)) }],
      },
      [[], ...labels.map(() => [])] as any,
      this.renderRoot.querySelector('#plot') as HTMLElement,
    );
    new ResizeObserver(() => this.plot?.setSize({ width: Math.max(220, this.clientWidth), height: 140 })).observe(this);
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

customElements.define('berth-chart', BerthChart);
