// The tools at the photo's left edge, and what can be set about the one in hand.
import { LAYERS } from "../../editor/photomaps.js";
import { el, key, refill, styled } from "../../ui/elements.js";
import { icon } from "../../ui/icons.js";
import { SIZE_LEAST, SIZE_MOST } from "./brush.js";
import { isPainting, mapsOf, unsavedPhotos } from "./state.js";

const TOOLS = [
  ["look", "move", "Look and move", "V"],
  ["brush", "brush", "Brush", "B"],
  ["eraser", "eraser", "Eraser", "E"],
  ["box", "box", "Missed damage", "M"],
];

export function mountToolbar({ store, slots, toolSet, painting, redraw }) {
  const tools = () =>
    refill(
      slots.tools,
      TOOLS.map(([tool, iconName, label, letter]) =>
        el(
          "button",
          {
            class: "tool",
            type: "button",
            title: `${label} (${letter})`,
            "aria-label": label,
            "aria-pressed": String(store.state.tool === tool),
            data: { focus: tool, tool },
            onclick: () => toolSet(tool),
          },
          icon(iconName),
          key(letter),
        ),
      ),
    );

  const layerSwitch = () =>
    el(
      "div",
      { class: "segments", role: "group", "aria-label": "Layer to paint on" },
      [...LAYERS].reverse().map((layer) =>
        el(
          "button",
          {
            class: "segment",
            type: "button",
            "aria-pressed": String(store.state.layer === layer),
            data: { focus: `layer-${layer}` },
            onclick: () => store.commit({ layer }, "toolbar"),
          },
          layer === "damage" ? "Damage" : "Parts",
        ),
      ),
    );

  function classPicker() {
    const { layer, classIds, taxonomy } = store.state;
    const { classes } = taxonomy.layers[layer];
    const current = classes.find(({ id }) => id === classIds[layer]);
    const select = el(
      "select",
      {
        class: "class-picker",
        "aria-label": "Class to paint",
        data: { focus: "class" },
        onchange: () =>
          store.commit({ classIds: { ...classIds, [layer]: Number(select.value) } }, "toolbar"),
      },
      classes.map(({ id, label }) =>
        el("option", { value: String(id), selected: id === current.id }, label),
      ),
    );
    return el(
      "label",
      { class: "row tight" },
      styled(el("span", { class: "swatch" }), { "--colour": current.colour }),
      select,
    );
  }

  function sizeSlider() {
    const { size } = store.state;
    const input = el("input", {
      type: "range",
      min: String(SIZE_LEAST),
      max: String(SIZE_MOST),
      value: String(size),
      "aria-label": "Brush size in photo pixels",
      data: { focus: "size" },
      oninput: () => store.commit({ size: Number(input.value) }, "toolbar"),
    });
    return el(
      "label",
      { class: "row tight" },
      key("["),
      input,
      key("]"),
      el("output", { class: "number size" }, `${size} px`),
    );
  }

  const act = (name, iconName, label, enabled, run) =>
    el(
      "button",
      {
        class: "button dark square",
        type: "button",
        title: label,
        "aria-label": label,
        disabled: !enabled,
        data: { focus: name },
        onclick: run,
      },
      icon(iconName),
    );

  function options() {
    const maps = mapsOf(store.state);
    const unsaved = unsavedPhotos(store.state).length > 0;
    if (store.state.tool === "box")
      return [
        el(
          "p",
          { class: "hint" },
          "Drag a box round the missed damage. Enter: without a box. Esc: not now.",
        ),
      ];
    if (!isPainting(store.state) && !unsaved) return [];
    const settings = isPainting(store.state)
      ? [
          layerSwitch(),
          store.state.tool === "brush" ? classPicker() : null,
          sizeSlider(),
          act("stroke-undo", "undo", "Undo stroke (Z)", maps?.canUndo, () =>
            redraw(painting.undo()),
          ),
          act("stroke-redo", "redo", "Redo stroke (Shift Z)", maps?.canRedo, () =>
            redraw(painting.redo()),
          ),
        ]
      : [el("p", { class: "hint" }, "Painted, not saved yet")];
    return [
      ...settings,
      el(
        "button",
        {
          class: "button dark",
          type: "button",
          disabled: !unsaved,
          data: { focus: "save", do: "save" },
          title: "Save as a correction (Ctrl S); strokes also save themselves after 10 seconds",
          onclick: painting.saveAll,
        },
        icon("save"),
        unsaved ? "Save" : "Saved",
      ),
    ];
  }

  const optionsShow = () => {
    const shown = options();
    slots.options.hidden = shown.length === 0;
    // A slider being dragged must not be replaced under the finger.
    const sliding =
      document.activeElement?.type === "range" && slots.options.contains(document.activeElement);
    if (sliding) slots.options.querySelector("output").textContent = `${store.state.size} px`;
    else refill(slots.options, shown);
  };

  store.observe(["tool"], tools);
  store.observe(["tool", "layer", "classIds", "size", "painted", "maps", "photoId"], optionsShow);
  tools();
  optionsShow();
}
