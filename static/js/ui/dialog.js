// Modal dialogs. The browser's own <dialog> keeps the focus inside, closes on Escape and gives
// the focus back.
import { el } from "./elements.js";
import { icon } from "./icons.js";

let named = 0;

/**
 * Open a dialog; `fill(close)` gives its content. Resolves with what `close` was called with,
 * null for Escape and the cross.
 */
export function openDialog({ title, className = "", fill }) {
  return new Promise((resolve) => {
    named += 1;
    let answer = null;
    const node = el("dialog", {
      class: `dialog ${className}`,
      "aria-labelledby": `dialog-${named}`,
    });
    const close = (value = null) => {
      answer = value;
      node.close();
    };
    node.append(
      el(
        "header",
        { class: "dialog-head" },
        el("h2", { id: `dialog-${named}` }, title),
        el(
          "button",
          {
            class: "button quiet square",
            type: "button",
            "aria-label": "Close",
            onclick: () => close(),
          },
          icon("cross"),
        ),
      ),
      ...[fill(close)].flat(),
    );
    node.addEventListener("close", () => {
      node.remove();
      resolve(answer);
    });
    document.body.append(node);
    node.showModal();
    node.querySelector("[autofocus]")?.focus();
  });
}

export const dialogIsOpen = () => document.querySelector("dialog[open]") !== null;

/** The row of buttons at a dialog's foot; the last one is what one came for. */
export const dialogFoot = (...buttons) => el("footer", { class: "dialog-foot" }, ...buttons);

/** A labelled <select>: options are [value, label]; calls `onchange(value)`. */
export function selectField(label, options, value, onchange, { autofocus = false } = {}) {
  named += 1;
  const id = `field-${named}`;
  const select = el(
    "select",
    { id, autofocus, onchange: () => onchange(select.value) },
    options.map(([option, words]) =>
      el("option", { value: option, selected: option === value }, words),
    ),
  );
  return el("div", { class: "field" }, el("label", { for: id }, label), select);
}
