// Small helpers: elements, and sentences with their places filled.

export const given = JSON.parse(document.getElementById("given").textContent);
export const words = given.words;
export const at = (id) => document.getElementById(id);

export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (place, name) => (name in values ? values[name] : place));
}

// make("p", {class: "small"}, "text", child...): an HTML element.
export function make(name, attributes = {}, ...children) {
  return put(document.createElement(name), attributes, children);
}

const SVG = "http://www.w3.org/2000/svg";
export function draw(name, attributes = {}, ...children) {
  return put(document.createElementNS(SVG, name), attributes, children);
}

function put(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}
