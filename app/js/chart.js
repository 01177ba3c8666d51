// The chart types in use, and the only code that calls ECharts. Everything it knows about Attain is a convention:
//   a string "@role"    stands for the colour of that role in tokens.css ("@ink-1", "@accent");
//   a symbol "@mark"    stands for a short flat line: a target above a bar;
//   a formatter "@name" stands for the host's own number formatting ("@money", "@percent", "@date", "@count").
// The host is the wasm program (app/src/chart/echarts.rs).
// Tooltips are drawn, not written as HTML: names need no escaping and the content security policy stays strict.
import { init, use } from "echarts/core";
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendPlainComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, ScatterChart, GridComponent, LegendPlainComponent, TooltipComponent, CanvasRenderer]);

/** Colours as ECharts reads them: it knows rgb, but not oklch, and it computes with them. */
const palette = (element) => {
  const style = getComputedStyle(element);
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  return (role) => {
    if (!known.has(role)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = style.getPropertyValue(`--${role}`).trim() || "#808080";
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      known.set(role, a === 255 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${(a / 255).toFixed(3)})`);
    }
    return known.get(role);
  };
};

/** The number in what ECharts passes to a formatter: a plain value, or the description of a point. */
const number = (given) => {
  const value = given !== null && typeof given === "object" && !Array.isArray(given) ? given.value : given;
  return Array.isArray(value) ? value[value.length - 1] : value;
};

const isFormatter = (key) => key === "formatter" || key === "valueFormatter";

/** Puts colours and functions in the place of their names. */
const resolve = (node, key, colour, format) => {
  if (typeof node === "string" && /^@[a-z][a-z0-9-]*$/.test(node)) {
    const name = node.slice(1);
    return isFormatter(key) ? (given) => format(name, String(number(given) ?? ""), Number(number(given) ?? NaN)) : colour(name);
  }
  if (Array.isArray(node)) return node.map((item) => resolve(item, key, colour, format));
  if (node !== null && typeof node === "object") {
    if (node.symbol === "@mark") Object.assign(node, { symbol: "rect", symbolSize: [30, 2.5] });
    for (const name of Object.keys(node)) node[name] = resolve(node[name], name, colour, format);
  }
  return node;
};

/** What every chart has in common, so that options say only what is particular to them. */
const theme = (element, colour) => {
  const font = getComputedStyle(element).fontFamily;
  const axis = {
    axisLine: { lineStyle: { color: colour("line-strong") } },
    axisTick: { lineStyle: { color: colour("line-strong") } },
    axisLabel: { color: colour("muted"), fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: colour("line") } },
    nameTextStyle: { color: colour("muted") },
  };
  return {
    color: ["ink-1", "ink-2", "ink-3", "accent", "ink-4"].map(colour),
    textStyle: { fontFamily: font, color: colour("text") },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false }, axisTick: { show: false } },
    legend: { textStyle: { color: colour("soft") }, inactiveColor: colour("line-strong"), itemWidth: 12, itemHeight: 8 },
    line: { symbolSize: 5, lineStyle: { width: 1.5 } },
    tooltip: {
      backgroundColor: colour("raised"), borderColor: colour("line-strong"), borderWidth: 1, padding: [6, 10],
      textStyle: { color: colour("text"), fontSize: 12, fontFamily: font },
      axisPointer: { lineStyle: { color: colour("line-strong") }, shadowStyle: { color: colour("band") } },
    },
  };
};

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A chart in an element of the page, as large as that is. `format(name, value, number)` and `hear(series, index)` of a click are the host's. */
class Chart {
  constructor(element, format, hear) {
    Object.assign(this, { element, format, hear, chart: null });
    this.size = new ResizeObserver(() => this.chart?.resize());
    this.size.observe(element);
  }

  /** Draws an option (JSON) in place of what was drawn, in the theme of this moment. */
  draw(option) {
    const colour = palette(this.element);
    const parsed = resolve(JSON.parse(option), "", colour, this.format);
    if (parsed.tooltip) parsed.tooltip.renderMode = "richText";
    parsed.animation = !still();
    parsed.animationDuration ??= 150;
    parsed.animationDurationUpdate ??= 150;
    this.chart?.dispose();
    this.chart = init(this.element, theme(this.element, colour), { renderer: "canvas" });
    this.chart.on("click", (point) => this.hear(point.seriesIndex ?? 0, point.dataIndex ?? 0));
    this.chart.setOption(parsed, { notMerge: true });
  }

  close() {
    this.size.disconnect();
    this.chart?.dispose();
    this.chart = null;
  }
}

globalThis.attainChart = { open: (element, format, hear) => new Chart(element, format, hear) };
