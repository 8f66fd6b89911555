// Elements without templates: el("button", {class: "button", onclick: save}, "Save").
import { icon } from "./icons.js";

/** Keys that are properties or listeners are set as such, `data` goes to the dataset. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "class") node.className = value;
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

/** Replace a node's content; whoever had the focus (by `data-focus`) keeps it. */
export function refill(node, ...children) {
  const focused = node.contains(document.activeElement)
    ? document.activeElement.dataset.focus
    : null;
  node.replaceChildren(...children.flat().filter(Boolean));
  if (focused)
    node.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

export const badge = (kind, iconName, ...words) =>
  el("span", { class: `badge ${kind}` }, iconName ? icon(iconName) : null, ...words);

/** The key of a button, for eyes only: its name says the same. */
export const key = (name) => el("kbd", { "aria-hidden": "true" }, name);

/** Set custom properties and positions; a style attribute would break the content policy. */
export function styled(node, properties) {
  for (const [name, value] of Object.entries(properties)) node.style.setProperty(name, value);
  return node;
}
