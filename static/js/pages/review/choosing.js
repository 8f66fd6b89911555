// From a key or a click to a decision: picks what is meant, asks what must be asked, decides.
import { pointFromStageToPhoto } from "../../editor/geometry.js";
import { allParts } from "../../editor/lines.js";
import { readRect } from "../../editor/mask.js";
import { rectClipped } from "../../editor/rects.js";
import { maskInRect } from "../../editor/rle.js";
import { commonest, mergeOf, partOfId } from "../../editor/taxonomy.js";
import { styled } from "../../ui/elements.js";
import { titleOf } from "../../ui/words.js";
import { askCorrection, askMissed, askReason } from "./asking.js";
import { isPainting, mapsOf, mayDecide, photoNumber, photoOf, subjectOf } from "./state.js";

export function createChoosing({ store, slots, decisions, painting, stage, say }) {
  const context = () => ({
    taxonomy: store.state.taxonomy,
    assessment: store.state.review.assessment,
  });
  const toolSet = (tool) => store.commit({ tool }, "choosing");

  const CHOICES = {
    accept: () => decisions.decide("accept"),
    async correct({ words }) {
      const answer = await askCorrection(context(), words);
      if (answer === "paint") paintType(words.damage_type);
      else if (answer) decisions.decide("correct", answer);
    },
    async reject({ words }) {
      const answer = await askReason(store.state.taxonomy, words);
      if (answer) decisions.decide("reject", answer);
    },
  };

  function choose(verdict) {
    const subject = subjectOf(store.state);
    if (!mayDecide(store.state))
      return say.alert("You do not hold this case; nothing can be decided here now.");
    if (!subject) return say.tell("Choose a line first.");
    return CHOICES[verdict](subject);
  }

  /** Take the brush for a damage type. */
  function paintType(type) {
    const { taxonomy, classIds } = store.state;
    const found = taxonomy.layers.damage.classes.find(({ name }) => name === type);
    store.commit(
      {
        tool: "brush",
        layer: "damage",
        classIds: { ...classIds, damage: found?.id ?? classIds.damage },
      },
      "choosing",
    );
    slots.stage.focus({ preventScroll: true });
  }

  /** Choose the damaged part under a point of the photo; a click beside all of them chooses none. */
  function pick(point) {
    const pixel = { x: Math.floor(point.x), y: Math.floor(point.y), width: 1, height: 1 };
    const onPhoto = allParts(store.state.review).filter(
      ({ photo, mask }) => photo === store.state.photoId && mask,
    );
    const hit = onPhoto
      .filter((part) => maskInRect(part.mask, pixel)[0])
      .sort((a, b) => a.area_px - b.area_px)[0];
    if (hit) store.commit({ lineId: hit.line, partId: hit.id }, "stage");
    else store.commit({ partId: null }, "stage");
  }

  function rubber(from, to) {
    slots.rubber.hidden = !from || !to;
    if (!from || !to) return;
    styled(slots.rubber, {
      transform: `translate(${Math.min(from.x, to.x)}px, ${Math.min(from.y, to.y)}px)`,
      width: `${Math.abs(to.x - from.x)}px`,
      height: `${Math.abs(to.y - from.y)}px`,
    });
  }

  /** A dragged box stays in sight while it is asked what was missed there. */
  async function boxDrawn(from, to, moved) {
    const { view } = store.state;
    const [a, b] = [from, to].map((point) => pointFromStageToPhoto(point, view));
    const rect = rectClipped(
      Math.min(a.x, b.x),
      Math.min(a.y, b.y),
      Math.max(a.x, b.x),
      Math.max(a.y, b.y),
      photoOf(store.state),
    );
    if (moved && rect) await missed(rect);
    rubber(null);
  }

  /** Add missed damage on this photo, in a rectangle or anywhere. */
  async function missed(rect = null) {
    toolSet("look");
    if (!mayDecide(store.state)) return;
    const { photoId } = store.state;
    const where = `On photo ${photoNumber(store.state, photoId)}${rect ? `, ${rect.width} × ${rect.height} px` : ""}`;
    const answer = await askMissed(context(), rect && partIn(rect), where);
    if (!answer) return;
    if (answer.paint) return paintType(answer.words.damage_type);
    const bbox = rect ? [rect.x, rect.y, rect.width, rect.height] : null;
    await decisions.make(
      { verdict: "missed", photo: photoId, ...answer.words, ...(bbox && { bbox }) },
      titleOf(answer.words),
    );
  }

  /** The part that most of a rectangle shows, in the words of the merge. */
  function partIn(rect) {
    const maps = mapsOf(store.state);
    const merge = mergeOf(store.state.taxonomy, "parts", store.state.review.assessment.parts_merge);
    return maps && partOfId(merge, commonest(readRect(maps.map("parts"), rect)));
  }

  const redraw = (drawn) => drawn && stage.draw(drawn.layer, drawn.rect);
  const undo = () => (isPainting(store.state) ? redraw(painting.undo()) : decisions.undo());
  const redo = () => isPainting(store.state) && redraw(painting.redo());

  const undoWords = () => {
    const decision = decisions.standing();
    slots.undo.textContent = isPainting(store.state) ? "Undo stroke" : "Undo";
    const title = isPainting(store.state)
      ? "Undo the last stroke on this photo"
      : decision
        ? `Undo: ${decisions.wordsOf(decision)}`
        : "Nothing to undo";
    slots.undo.parentElement.title = title;
  };
  store.observe(["tool", "review", "painted"], undoWords);
  undoWords();

  return { choose, pick, rubber, boxDrawn, missed, toolSet, undo, redo, redraw };
}
