// Knobs in a picture: dragging one moves the sliders that it names.

import { KNOB } from "./paint.js";

/** Let a canvas of a stage be grabbed by its knobs. */
export function makeGrabbable(stage, canvas) {
  let held = false;
  canvas.addEventListener("pointermove", (event) => { if (!held) canvas.style.cursor = knobAt(canvas, event) ? "grab" : ""; });
  canvas.addEventListener("pointerdown", (event) => {
    const knob = knobAt(canvas, event);
    if (!knob) return;
    held = true;
    const moved = [knob.x, knob.y].filter(Boolean);
    if (moved.length === 1) stage.touch(moved[0]);
    canvas.setPointerCapture(event.pointerId);
    const follow = (moved) => drag(stage, canvas.place, knob, moved);
    const drop = () => { held = false; canvas.removeEventListener("pointermove", follow); };
    canvas.addEventListener("pointermove", follow);
    canvas.addEventListener("pointerup", drop, { once: true });
    canvas.addEventListener("pointercancel", drop, { once: true });
    event.preventDefault();
  });
}

function knobAt(canvas, event) {
  const away = ([x, y]) => Math.hypot(canvas.place.x(x) - event.offsetX, canvas.place.y(y) - event.offsetY);
  return (canvas.panel?.handles ?? []).find((knob) => away(knob.at) < 2 * KNOB);
}

function drag(stage, place, knob, moved) {
  const changes = {};
  if (knob.x) changes[knob.x] = nearest(stage.controls[knob.x].places, place.backX(moved.offsetX));
  if (knob.y) changes[knob.y] = nearest(stage.controls[knob.y].places, place.backY(moved.offsetY));
  const names = Object.keys(changes);
  if (names.every((name) => changes[name] === stage.values[name])) return;
  for (const name of names) stage.controls[name].set(changes[name]);
  const only = names.length === 1 ? names[0] : "";
  stage.move(changes, only, only ? stage.controls[only].places.indexOf(changes[only]) : null);
}

const nearest = (places, value) => places.reduce((best, place) => (Math.abs(place - value) < Math.abs(best - value) ? place : best));
