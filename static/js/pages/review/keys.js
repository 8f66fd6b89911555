// Every key of the review page.
import { neighbour } from "../../editor/lines.js";
import { openDialog, dialogIsOpen } from "../../ui/dialog.js";
import { el } from "../../ui/elements.js";
import { mountKeys } from "../../ui/keys.js";
import { sizeStepped } from "./brush.js";
import { isPainting, lineOf } from "./state.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PAN_STEP = 60;

export function mountReviewKeys({
  store,
  slots,
  choose,
  stage,
  brush,
  pointer,
  painting,
  undo,
  redo,
  toolSet,
  missed,
  finishing,
}) {
  const onStage = () => document.activeElement === slots.stage;
  const painted = () => isPainting(store.state);

  const lineStep = (step) => {
    const line = neighbour(store.state.review.lines, store.state.lineId, step);
    if (line) store.commit({ lineId: line.id, partId: null, photoId: line.best_photo }, "keys");
  };

  const partStep = (step) => {
    const parts = lineOf(store.state)?.damaged_parts ?? [];
    const at = parts.findIndex(({ id }) => id === store.state.partId) + step;
    const part = at >= 0 ? parts[Math.min(at, parts.length - 1)] : null;
    store.commit({ partId: part?.id ?? null, ...(part && { photoId: part.photo }) }, "keys");
  };

  const photoAt = (index) => {
    const photo = store.state.review.photos[index];
    if (photo) store.commit({ photoId: photo.id, partId: null }, "keys");
  };

  const arrow = (event) => {
    const [dx, dy] = ARROWS[event.key];
    if (!onStage()) return dy ? lineStep(dy) : partStep(dx);
    if (painted()) return brush.nudge(dx, dy, event.shiftKey);
    const { view } = store.state;
    return stage.viewSet({ ...view, x: view.x - dx * PAN_STEP, y: view.y - dy * PAN_STEP });
  };

  const size = (direction) =>
    store.commit({ size: sizeStepped(store.state.size, direction) }, "keys");
  const bind = (group, keys, label, run, more = {}) => ({ group, keys, label, run, ...more });

  const bindings = [
    bind("Lines", ["j"], "next line", () => lineStep(1), { repeats: true }),
    bind("Lines", ["k"], "line before", () => lineStep(-1), { repeats: true }),
    bind(
      "Lines",
      Object.keys(ARROWS),
      "lines, and the damaged parts of a line; on the photo: move",
      arrow,
      { repeats: true, shown: "← ↑ ↓ →" },
    ),
    bind("Lines", ["a"], "accept", () => choose("accept")),
    bind("Lines", ["c"], "correct: another part, side or damage", () => choose("correct")),
    bind("Lines", ["x"], "reject, then 1–8 for the reason", () => choose("reject")),
    bind("Lines", ["m"], "missed damage: drag a box, or Enter", () => toolSet("box")),
    bind("Lines", ["z", "Ctrl+z"], "undo: the stroke while painting, else the decision", undo, {
      shown: "Z",
    }),
    bind(
      "Photo",
      "123456789".split(""),
      "photo 1 to 9",
      (event) => photoAt(Number(event.key) - 1),
      { shown: "1 – 9" },
    ),
    bind("Photo", ["+", "="], "zoom in", () => stage.zoom(1.25), { repeats: true, shown: "+" }),
    bind("Photo", ["-"], "zoom out", () => stage.zoom(0.8), { repeats: true, shown: "−" }),
    bind("Photo", ["0"], "whole photo", stage.fit),
    bind("Photo", ["g"], "go near the damage, and back", stage.near),
    bind("Photo", [" "], "move the photo while held", () => pointer.space(true), {
      shown: "Space",
      when: (event) => !event.target.closest("button, a, summary"),
    }),
    bind("Photo", ["h"], "hide the overlay while held", () =>
      store.commit({ overlayOff: true }, "keys"),
    ),
    bind("Painting", ["b"], "brush", () => toolSet("brush")),
    bind("Painting", ["e"], "eraser", () => toolSet("eraser")),
    bind("Painting", ["v", "Escape"], "look and move", () => toolSet("look"), { shown: "V" }),
    bind("Painting", ["l"], "paint on the other layer: damage or parts", () =>
      store.commit({ layer: store.state.layer === "damage" ? "parts" : "damage" }, "keys"),
    ),
    bind("Painting", ["i"], "paint the class under the brush", brush.pickClass),
    bind("Painting", ["["], "smaller brush", () => size(-1), { repeats: true }),
    bind("Painting", ["]"], "larger brush", () => size(1), { repeats: true }),
    bind(
      "Painting",
      ["Enter"],
      "a dab of the brush on the photo",
      () => (store.state.tool === "box" ? missed() : brush.dab()),
      { when: () => store.state.tool === "box" || (onStage() && painted()) },
    ),
    bind("Painting", ["Shift+z", "Ctrl+Shift+z", "Ctrl+y"], "redo the stroke", redo, {
      shown: "Shift Z",
    }),
    bind("Case", ["Ctrl+s"], "save what is painted", painting.saveAll, { shown: "Ctrl S" }),
    bind("Case", ["f"], "finish", finishing.finish),
    bind("Case", ["?"], "all keys", () => showKeys(bindings)),
  ];

  mountKeys(bindings, { blocked: () => dialogIsOpen() || pointer.busy });
  document.addEventListener("keyup", (event) => {
    if (event.key === " ") pointer.space(false);
    if (event.key.toLowerCase() === "h") store.commit({ overlayOff: false }, "keys");
  });
  return { show: () => showKeys(bindings) };
}

const shownKey = ({ shown, keys }) =>
  shown ?? (keys[0].length === 1 ? keys[0].toUpperCase() : keys[0]);

function showKeys(bindings) {
  const groups = [...new Set(bindings.map(({ group }) => group))];
  return openDialog({
    title: "All keys",
    className: "wide",
    fill: () =>
      el(
        "div",
        { class: "key-groups" },
        groups.map((group) =>
          el(
            "section",
            {},
            el("h3", {}, group),
            el(
              "dl",
              { class: "key-list" },
              bindings
                .filter((binding) => binding.group === group)
                .flatMap((binding) => [
                  el("dt", {}, el("kbd", {}, shownKey(binding))),
                  el("dd", {}, binding.label),
                ]),
            ),
          ),
        ),
      ),
  });
}
