// SPDX-License-Identifier: MIT
#pragma once
// The fixed parts of the report's page: style, and the small script that makes charts answer (hover shows the values at that x, a click in the
// legend hides or shows a series). Nothing is loaded from anywhere; without the script the page shows everything.

namespace tacit::detail {

inline constexpr const char* report_style = R"css(
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 1160px; padding: 24px 20px 48px; background: #fff; color: #1c1c1c;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.5em; line-height: 1.25; margin: 0 0 .6em; overflow-wrap: anywhere; }
h2 { font-size: 1.25em; margin: 2em 0 .5em; }
p { margin: .6em 0; max-width: 46em; }
.scroll { overflow-x: auto; margin: 1em 0 1.6em; }
table { border-collapse: collapse; font-size: .92em; font-variant-numeric: tabular-nums; }
caption { caption-side: top; text-align: left; font-weight: 600; padding: 0 0 .4em; }
th, td { padding: .28em .9em .28em 0; text-align: right; white-space: nowrap; }
th { border-bottom: 1.5px solid #888; font-weight: 600; }
tbody tr { border-bottom: 1px solid #e4e4e4; }
.t { text-align: left; }
figure { margin: 1.4em 0 2em; max-width: 900px; }
figcaption { font-weight: 600; margin: 0 0 .3em; }
.plot { position: relative; }
.plot > svg { display: block; width: 100%; height: auto; }
.plot text { font-size: 13px; fill: #333; }
.plot .label { font-size: 14px; fill: #1c1c1c; }
.grid line { stroke: #dcdcdc; stroke-width: 1; }
.grid .minor { stroke: #f1f1f1; }
.frame { fill: none; stroke: #888; }
.series path { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
.series circle { fill: #fff; stroke-width: 1.6; stroke-dasharray: none; }
.series .off { display: none; }
.hover line { stroke: #999; stroke-dasharray: 3 3; }
.hover circle { stroke: #fff; stroke-width: 1.5; }
.tip { position: absolute; top: 8px; pointer-events: none; background: rgba(255,255,255,.96); border: 1px solid #aaa; border-radius: 4px;
  padding: 5px 9px; font-size: 13px; line-height: 1.45; white-space: nowrap; font-variant-numeric: tabular-nums; }
.tip b { font-weight: 600; }
.tip i { display: inline-block; width: 9px; height: 9px; border-radius: 50%; margin-right: 6px; }
.tip .near { font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 10px; margin-left: 9%; }
.legend button { font: inherit; font-size: 14px; color: inherit; background: none; border: 1px solid transparent; border-radius: 4px; padding: 1px 6px; cursor: pointer; }
.legend button:hover, .legend button:focus-visible { border-color: #bbb; }
.legend button[aria-pressed=false] { opacity: .4; text-decoration: line-through; }
.legend svg { vertical-align: middle; margin-right: 6px; }
.legend line { stroke-width: 2.4; }
.legend circle { stroke-width: 1.6; stroke-dasharray: none; }
.note { font-size: .87em; color: #555; margin-left: 9%; }
footer { margin-top: 3em; padding-top: .6em; border-top: 1px solid #ddd; font-size: .87em; color: #555; }
@media print { body { max-width: none; } figure, tr { break-inside: avoid; } }
)css";

/// The constants repeat PlotArea of report_chart.hpp.
inline constexpr const char* report_script = R"js(
"use strict";
for (const figure of document.querySelectorAll("figure.chart")) {
  const data = JSON.parse(figure.querySelector("script").textContent);
  const svg = figure.querySelector(".plot > svg"), hover = svg.querySelector(".hover"), tip = figure.querySelector(".tip");
  const left = 84, right = 792, top = 14, bottom = 344, hidden = new Set();
  const place = (axis, v) => axis[0] ? Math.log(v / axis[1]) / Math.log(axis[2] / axis[1]) : (v - axis[1]) / (axis[2] - axis[1]);
  const px = x => left + (right - left) * place(data.x, x), py = y => bottom - (bottom - top) * place(data.y, y);
  const short = v => { const a = Math.abs(v); return v === 0 ? "0" : a >= 1e6 || a < 1e-3 ? v.toExponential(3) : String(+v.toPrecision(5)); };
  const colour = s => svg.querySelector('.series [data-series="' + s + '"]').getAttribute("stroke");
  const node = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    return made;
  };
  const clear = () => { hover.replaceChildren(); tip.hidden = true; };
  svg.addEventListener("pointerleave", clear);
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect(), scale = 820 / box.width;
    const mx = (event.clientX - box.left) * scale, my = (event.clientY - box.top) * scale;
    clear();
    if (mx < left - 4 || mx > right + 4 || my < top || my > bottom) return;
    const found = [];
    data.series.forEach((series, s) => {
      if (hidden.has(s)) return;
      let best = null, gap = Infinity;
      for (const point of series.points) {
        const d = Math.abs(px(point[0]) - mx);
        if (d < gap || (d === gap && Math.abs(py(point[1]) - my) < Math.abs(py(best[1]) - my))) { gap = d; best = point; }
      }
      if (best && gap < 40) found.push({ s, name: series.name, x: best[0], y: best[1], gap, off: Math.abs(py(best[1]) - my) });
    });
    if (!found.length) return;
    const at = found.reduce((a, b) => b.gap < a.gap ? b : a), near = found.reduce((a, b) => b.off < a.off ? b : a);
    hover.append(node("line", { x1: px(at.x), x2: px(at.x), y1: top, y2: bottom }));
    for (const f of found) hover.append(node("circle", { cx: px(f.x), cy: py(f.y), r: 4.5, fill: colour(f.s) }));
    const rows = found.slice().sort((a, b) => b.y - a.y).slice(0, 14).map(f => {
      const row = document.createElement("div"), mark = document.createElement("i");
      mark.style.background = colour(f.s);
      if (f === near && found.length > 1) row.className = "near";
      row.append(mark, (f.name ? f.name + ": " : "") + short(f.y) + (f.x === at.x ? "" : "  at " + short(f.x)));
      return row;
    });
    if (found.length > rows.length) rows.push("... and " + (found.length - rows.length) + " more");
    const head = document.createElement("b");
    head.textContent = (svg.querySelector(".label").textContent || "x") + " " + short(at.x);
    tip.replaceChildren(head, ...rows);
    tip.hidden = false;
    const x = px(at.x) / scale, room = box.width - x - 14;
    tip.style.left = (tip.offsetWidth < room ? x + 12 : Math.max(0, x - tip.offsetWidth - 12)) + "px";
  });
  for (const button of figure.querySelectorAll(".legend button")) button.addEventListener("click", () => {
    const s = +button.dataset.series, off = !hidden.has(s);
    if (off) hidden.add(s); else hidden.delete(s);
    button.setAttribute("aria-pressed", String(!off));
    svg.querySelector('.series [data-series="' + s + '"]').classList.toggle("off", off);
    clear();
  });
}
)js";

}  // namespace tacit::detail
