// Mouse, pen and fingers on the stage. One pointer paints, pans, drags a box or picks; two
// fingers always zoom and pan, whatever the tool.
import { pointFromClientToStage, viewPanned, viewPinched } from "../../editor/geometry.js";
import { classAt } from "../../editor/mask.js";
import { isPainting, mapsOf, mayDecide, photoOf } from "./state.js";

const CLICK_SLOP = 5;
const MIDDLE = 1;
const PEN_ERASER = 32;

export function mountPointer({
  store,
  slots,
  stage,
  painting,
  strokes,
  pick,
  boxDrawn,
  rubber,
  hover,
}) {
  const node = slots.stage;
  const down = new Map();
  let gesture = null;
  let spaceHeld = false;

  const clientOf = (event) => ({ x: event.clientX, y: event.clientY });
  const stagePoint = (event) =>
    pointFromClientToStage(clientOf(event), node.getBoundingClientRect());
  const pair = () => [...down.values()].slice(0, 2);

  function gestureFor(event) {
    const { tool } = store.state;
    if (event.button === MIDDLE || spaceHeld) return "pan";
    if (event.button !== 0) return null;
    if (tool === "box") return "box";
    if (isPainting(store.state) && mapsOf(store.state) && mayDecide(store.state)) return "paint";
    return "pan";
  }

  function begin(event) {
    if (event.target.closest("button, input, select, label")) return;
    node.focus({ preventScroll: true });
    node.setPointerCapture(event.pointerId);
    down.set(event.pointerId, stagePoint(event));
    if (down.size === 2) {
      if (gesture?.kind === "paint") strokes.cancel();
      rubber(null);
      gesture = { kind: "pinch" };
      return;
    }
    const kind = gestureFor(event);
    if (!kind || down.size > 2) return;
    gesture = {
      kind,
      start: stagePoint(event),
      moved: false,
      erase: Boolean(event.buttons & PEN_ERASER),
    };
    if (kind === "paint") strokes.begin(stage.toPhoto(clientOf(event)), gesture.erase);
    node.classList.toggle("grabbing", kind === "pan" && (spaceHeld || event.button === MIDDLE));
    event.preventDefault();
  }

  function move(event) {
    const before = down.get(event.pointerId);
    hover(stage.toPhoto(clientOf(event)));
    if (!before || !gesture) return;
    const point = stagePoint(event);
    const was = pair();
    down.set(event.pointerId, point);
    gesture.moved ||=
      gesture.start &&
      Math.hypot(point.x - gesture.start.x, point.y - gesture.start.y) > CLICK_SLOP;
    MOVES[gesture.kind](event, before, point, was);
  }

  const MOVES = {
    pan(_event, before, point) {
      if (!gesture.moved) return;
      const { view } = store.state;
      stage.viewSet(
        viewPanned(view, point.x - before.x, point.y - before.y, photoOf(store.state), stage.box()),
      );
    },
    pinch(_event, _before, _point, was) {
      if (down.size < 2) return;
      stage.viewSet(viewPinched(store.state.view, was, pair(), photoOf(store.state), stage.box()));
    },
    // The browser bundles moves into frames; a curve needs every one of them.
    paint(event) {
      const moves = event.getCoalescedEvents?.() ?? [];
      for (const one of moves.length ? moves : [event]) strokes.move(stage.toPhoto(clientOf(one)));
    },
    box: (_event, _before, point) => rubber(gesture.start, point),
  };

  function end(event) {
    if (!down.delete(event.pointerId) || !gesture) return;
    const { kind, moved, start } = gesture;
    if (kind === "pinch" && down.size > 0) return;
    gesture = null;
    node.classList.remove("grabbing");
    if (kind === "paint") painting.strokeFinish();
    if (kind === "box") boxDrawn(start, stagePoint(event), moved);
    if (kind === "pan" && !moved && event.button === 0) pick(stage.toPhoto(clientOf(event)));
  }

  function cancel(event) {
    if (down.has(event.pointerId) && gesture?.kind === "paint") strokes.cancel();
    down.delete(event.pointerId);
    gesture = null;
    rubber(null);
  }

  function wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    // A pinch on a track pad comes as a wheel with Ctrl and small steps.
    stage.zoom(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0015)), stagePoint(event));
  }

  node.addEventListener("pointerdown", begin);
  node.addEventListener("pointermove", move);
  node.addEventListener("pointerup", end);
  node.addEventListener("pointercancel", cancel);
  node.addEventListener("pointerleave", () => down.size === 0 && hover(null));
  node.addEventListener("wheel", wheel, { passive: false });
  // A middle click would start the browser's own scrolling.
  node.addEventListener("mousedown", (event) => event.button === MIDDLE && event.preventDefault());

  return {
    space(held) {
      spaceHeld = held;
      node.classList.toggle("grab", held);
    },
    get busy() {
      return gesture !== null;
    },
  };
}

/** The names under a point of the photo: "Front Door Shell left · Dent". */
export function namesAt(state, point) {
  const maps = mapsOf(state);
  if (!maps || !point) return "";
  const name = (layer) => {
    const id = classAt(maps.map(layer), point);
    if (!id || state.hidden[layer].has(id)) return null;
    const found = state.taxonomy.layers[layer].classes.find((item) => item.id === id);
    return found?.label ?? "not judged";
  };
  return [name("parts"), name("damage")].filter(Boolean).join(" · ");
}
