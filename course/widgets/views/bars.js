// Bars over bins, or over names; several series stand side by side, told apart by hatching too.

import { axes, border, inside, legendOf, marks } from "./axes.js";

export function drawBars(ctx, theme, panel, width, height) {
  const edges = panel.edges ?? Array.from({ length: panel.names.length + 1 }, (_, k) => k - 0.5);
  const ranged = { ...panel, x_range: [edges[0], edges[edges.length - 1]], log_x: false };
  const legend = legendOf(ctx, theme, panel.series, width, (each, x, y) => {
    fill(ctx, theme, each, panel.series.indexOf(each), x - 11, y - 8, 22, 16);
  });
  const xTicks = panel.names.length ? panel.names.map((name, k) => [k, name]) : null;
  const place = axes(ctx, theme, ranged, width, height, { xTicks, legend: legend.height });
  const floor = panel.log_y ? place.bottom : Math.min(place.bottom, Math.max(place.top, place.y(0)));
  inside(ctx, place, () => panel.series.forEach((each, s) => {
    for (let k = 0; k + 1 < edges.length; k++) {
      const whole = place.x(edges[k + 1]) - place.x(edges[k]), wide = (whole * (panel.names.length ? 0.8 : 1)) / panel.series.length;
      const left = place.x(edges[k]) + (panel.names.length ? 0.1 * whole : 0) + s * wide;
      const y = place.y(each.heights[k]);
      if (Number.isFinite(y)) fill(ctx, theme, each, s, left, Math.min(y, floor), wide, Math.max(1, Math.abs(floor - y)));
    }
  }));
  legend.draw();
  border(ctx, theme, place);
  marks(ctx, theme, place, panel.marks);
  return place;
}

function fill(ctx, theme, each, s, x, y, wide, high) {
  ctx.fillStyle = theme.colours[each.colour];
  ctx.fillRect(x, y, wide, high);
  ctx.strokeStyle = theme.paper;
  ctx.lineWidth = 1;
  ctx.strokeRect(x, y, wide, high);
  if (s % 2 === 0 || high < 3) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, wide, high);
  ctx.clip();
  ctx.beginPath();
  for (let k = -high; k < wide; k += 8) { ctx.moveTo(x + k, y + high); ctx.lineTo(x + k + high, y); }
  ctx.lineWidth = 1.5;
  ctx.stroke();
  ctx.restore();
}
