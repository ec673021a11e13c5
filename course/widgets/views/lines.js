// Curves over one pair of axes, each with its name at its end.

import { FONT, curve, handles, sample, widthOf, write } from "./paint.js";
import { axes, border, inside, marks } from "./axes.js";

const APART = 21; // px between two names
const SAMPLE = 30; // px, for a piece of the curve beside its name

export function drawLines(ctx, theme, panel, width, height) {
  const named = panel.curves.filter((each) => each.label);
  const right = named.length ? 16 + SAMPLE + Math.min(width / 3, Math.max(...named.map((each) => widthOf(ctx, theme, each.label)))) : 24;
  const place = axes(ctx, theme, panel, width, height, { right });
  inside(ctx, place, () => { for (const each of panel.curves) curve(ctx, theme, place, each); });
  border(ctx, theme, place);
  marks(ctx, theme, place, panel.marks);
  names(ctx, theme, place, named);
  handles(ctx, theme, place, panel.handles);
  return place;
}

/** Write each name where its curve leaves the picture, spread so that none covers another. */
function names(ctx, theme, place, named) {
  const ends = named.map((each) => ({ each, y: endOf(each, place) })).sort((a, b) => a.y - b.y);
  const highest = place.top + 8, lowest = place.bottom - 4;
  for (let k = 0; k < ends.length; k++) ends[k].y = Math.max(ends[k].y, k ? ends[k - 1].y + APART : highest);
  for (let k = ends.length - 1; k >= 0; k--) ends[k].y = Math.min(ends[k].y, k < ends.length - 1 ? ends[k + 1].y - APART : lowest);
  for (const { each, y } of ends) {
    sample(ctx, theme, each, place.right + 8 + (SAMPLE - 6) / 2, y);
    write(ctx, theme, each.label, place.right + 8 + SAMPLE, y, { base: "middle", size: FONT });
  }
}

function endOf(each, place) {
  for (let i = each.x.length - 1; i >= 0; i--) {
    const x = place.x(each.x[i]), y = place.y(each.y[i]);
    if (Number.isFinite(y) && x <= place.right + 1) return Math.min(place.bottom, Math.max(place.top, y));
  }
  return place.bottom;
}
