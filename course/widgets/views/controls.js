// What is moved: native inputs, so that keyboard, mouse, touch and screen reader know them.

import { say } from "./paint.js";

let made = 0;

/** On the element that has the focus, this keeps JupyterLab from taking x, b and j for commands on cells. */
const keepKeys = (element) => element.setAttribute("data-lm-suppress-shortcuts", "true");

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Make a control; `moved(value, place)` is called at every move, `touched()` when a slider is about to be moved. */
export function controlOf(described, value, moved, touched) {
  const id = `course-control-${++made}`;
  const make = { slider, choice, switch: toggle }[described.kind];
  const control = make(described, id, moved, touched);
  control.set(value);
  control.element.dataset.name = described.name;
  return control;
}

function slider({ label, places }, id, moved, touched) {
  const range = element("input", { type: "range", id, min: 0, max: places.length - 1, step: 1 });
  const typed = element("input", { type: "text", inputMode: "decimal", autocomplete: "off", spellcheck: false });
  typed.setAttribute("aria-label", `${label}, typed`);
  let taken = null; // what was typed last, so that it is told once
  const point = (value) => {
    range.value = places.reduce((best, place, k) => (Math.abs(place - value) < Math.abs(places[best] - value) ? k : best), 0);
    range.setAttribute("aria-valuetext", say(value));
  };
  const set = (value) => { point(value); typed.value = taken = say(value); };
  range.addEventListener("input", () => { const value = places[+range.value]; set(value); moved(value, +range.value); });
  const take = () => {
    if (typed.value === taken) return;
    taken = typed.value;
    const text = typed.value.trim(), number = Number(text.replace("−", "-").replace(",", "."));
    const right = text !== "" && Number.isFinite(number);
    if (right) point(number);
    moved(right ? number : text, null);
  };
  typed.addEventListener("change", take);
  typed.addEventListener("keydown", (event) => { if (event.key === "Enter") take(); }); // JupyterLab may keep the change
  for (const event of ["pointerenter", "focus"]) range.addEventListener(event, touched);
  [range, typed].forEach(keepKeys);
  return { set, places, focus: range, element: element("div", { className: "course-control" }, element("label", { htmlFor: id, textContent: label }), range, typed) };
}

function choice({ label, options }, id, moved) {
  const select = element("select", { id }, ...options.map((option) => element("option", { value: option, textContent: option })));
  select.addEventListener("change", () => moved(select.value, null));
  keepKeys(select);
  return { set: (value) => { select.value = value; }, focus: select, element: element("div", { className: "course-control" }, element("label", { htmlFor: id, textContent: label }), select) };
}

function toggle({ label }, id, moved) {
  const box = element("input", { type: "checkbox", id });
  box.addEventListener("change", () => moved(box.checked, null));
  keepKeys(box);
  return { set: (value) => { box.checked = value; }, focus: box, element: element("div", { className: "course-control course-switch" }, box, element("label", { htmlFor: id, textContent: label })) };
}

export function buttonOf(label, pressed) {
  const button = element("button", { type: "button", textContent: label });
  button.addEventListener("click", pressed);
  keepKeys(button);
  return button;
}

export { element };
