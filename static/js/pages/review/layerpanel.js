// Under the photo: how strong each layer is, which of its classes are shown, how near one looks.
// Only classes that are present on the photo are listed.
import { areasOf } from "../../editor/mask.js";
import { LAYERS } from "../../editor/photomaps.js";
import { stripesOf } from "../../editor/taxonomy.js";
import { el, key, refill, styled } from "../../ui/elements.js";
import { icon } from "../../ui/icons.js";
import { mapsOf } from "./state.js";

const TITLES = { parts: "Parts", damage: "Damage" };
const STRIPE_CLASS = ["", "rising", "falling"];

export function mountLayerPanel({ store, slots, stage }) {
  const stripes = stripesOf(store.state.taxonomy);
  const chips = { parts: el("div", { class: "chips" }), damage: el("div", { class: "chips" }) };
  const zoomLabel = el("output", { class: "number zoom-label", "aria-label": "Zoom" });
  const hideButton = el("button", {
    class: "tool",
    type: "button",
    "aria-pressed": "false",
    "aria-label": "Hide the overlay",
    title: "Hide the overlay (while H is held)",
    onclick: () => store.commit({ overlayOff: !store.state.overlayOff }, "panel"),
  });

  function slider(layer) {
    const input = el("input", {
      type: "range",
      min: "0",
      max: "1",
      step: "0.05",
      value: String(store.state.opacity[layer]),
      "aria-label": `Strength of the ${TITLES[layer].toLowerCase()} overlay`,
      oninput: () =>
        store.commit(
          { opacity: { ...store.state.opacity, [layer]: Number(input.value) } },
          "panel",
        ),
    });
    return input;
  }

  function toggle(layer, id) {
    const hidden = new Set(store.state.hidden[layer]);
    if (!hidden.delete(id)) hidden.add(id);
    store.commit({ hidden: { ...store.state.hidden, [layer]: hidden } }, "panel");
  }

  function chip(layer, { id, label, colour }) {
    const stripe = layer === "damage" ? STRIPE_CLASS[stripes[id]] : "";
    return el(
      "button",
      {
        class: "chip",
        type: "button",
        "aria-pressed": String(!store.state.hidden[layer].has(id)),
        title: `Show or hide ${label}`,
        data: { focus: `${layer}-${id}` },
        onclick: () => toggle(layer, id),
      },
      styled(el("span", { class: `swatch ${stripe}` }), { "--colour": colour }),
      label,
    );
  }

  const chipsShow = () => {
    const maps = mapsOf(store.state);
    for (const layer of LAYERS) {
      const areas = maps ? areasOf(maps.map(layer)) : [];
      const present = store.state.taxonomy.layers[layer].classes
        .filter(({ id }) => areas[id])
        .sort((a, b) => areas[b.id] - areas[a.id]);
      const none = layer === "damage" ? "no damage on this photo" : "no part on this photo";
      refill(
        chips[layer],
        present.length
          ? present.map((item) => chip(layer, item))
          : el("span", { class: "soft small" }, maps ? none : ""),
      );
    }
  };

  const viewShow = () => {
    zoomLabel.textContent = `${Math.round(store.state.view.scale * 100)} %`;
  };

  const hideShow = () => {
    hideButton.setAttribute("aria-pressed", String(store.state.overlayOff));
    refill(hideButton, icon(store.state.overlayOff ? "eye-off" : "eye"), key("H"));
  };

  const round = (name, label, run) =>
    el(
      "button",
      { class: "tool", type: "button", title: label, "aria-label": label, onclick: run },
      icon(name),
    );

  const rows = [...LAYERS]
    .reverse()
    .map((layer) =>
      el(
        "div",
        { class: "layer", role: "group", "aria-label": `${TITLES[layer]} overlay` },
        el("span", { class: "layer-name" }, TITLES[layer]),
        slider(layer),
        chips[layer],
      ),
    );
  slots.layers.replaceChildren(...rows);
  slots.zoom.replaceChildren(
    hideButton,
    round("plus", "Zoom in (+)", () => stage.zoom(1.25)),
    zoomLabel,
    round("minus", "Zoom out (−)", () => stage.zoom(1 / 1.25)),
    round("fit", "Whole photo (0)", stage.fit),
  );
  for (const node of Object.values(chips)) {
    node.addEventListener(
      "wheel",
      (event) => {
        node.scrollLeft += event.deltaY;
        event.preventDefault();
      },
      { passive: false },
    );
  }

  store.observe(["maps", "photoId", "painted", "hidden"], chipsShow);
  store.observe(["view"], viewShow);
  store.observe(["overlayOff"], hideShow);
  chipsShow();
  viewShow();
  hideShow();
}
