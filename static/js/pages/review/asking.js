// What is asked before a decision: what it is instead, why it is none, what was missed.
import { damageOfType, mergeOf, partChoices, typesOf } from "../../editor/taxonomy.js";
import { dialogFoot, openDialog, selectField } from "../../ui/dialog.js";
import { el, key } from "../../ui/elements.js";
import { titleOf } from "../../ui/words.js";

const button = (words, onclick, className = "") =>
  el("button", { class: `button ${className}`, type: "button", onclick }, words);

/**
 * Part, side, damage and type as four selects that depend on each other. `chosen` is changed in
 * place; `changed` hears of it.
 */
function wordFields({ taxonomy, assessment }, chosen, changed) {
  const parts = partChoices(mergeOf(taxonomy, "parts", assessment.parts_merge));
  const damages = mergeOf(taxonomy, "damage", assessment.damage_merge).map(({ name }) => name);
  const node = el("div", { class: "fields" });
  // Several damaged parts of several types: as long as the damage stays, each may keep its own.
  const mixed = chosen.damage_type === "" ? chosen.damage : null;
  const set = (patch) => {
    Object.assign(chosen, patch);
    const { sides } = parts.find(({ name }) => name === chosen.part) ?? { sides: [""] };
    if (!sides.includes(chosen.side)) chosen.side = sides[0];
    const types = typesOf(taxonomy, assessment.damage_merge, chosen.damage);
    if (chosen.damage === mixed) types.unshift("");
    if (!types.includes(chosen.damage_type)) chosen.damage_type = types[0] ?? "";
    show(sides, types);
    changed();
  };
  const show = (sides, types) => {
    const focused = [...node.querySelectorAll("select")].indexOf(document.activeElement);
    const named = (items) => items.map((item) => [item, item]);
    const unknown = parts.some(({ name }) => name === chosen.part)
      ? []
      : [[chosen.part, "choose a part"]];
    node.replaceChildren(
      selectField(
        "Part",
        [...unknown, ...parts.map(({ name }) => [name, name])],
        chosen.part,
        (part) => set({ part }),
        { autofocus: true },
      ),
      selectField(
        "Side",
        sides.map((side) => [side, side || "–"]),
        chosen.side,
        (side) => set({ side }),
      ),
      selectField("Damage", named(damages), chosen.damage, (damage) => set({ damage })),
      selectField(
        "Type",
        types.map((type) => [type, type || "as each is"]),
        chosen.damage_type,
        (type) => set({ damage_type: type }),
      ),
    );
    if (focused >= 0) node.querySelectorAll("select")[focused].focus();
  };
  set({});
  return { node, known: () => parts.some(({ name }) => name === chosen.part) };
}

/** What is it instead? Resolves with the words that differ, "paint", or null. */
export function askCorrection(context, words) {
  const before = {
    part: words.part,
    side: words.side,
    damage: words.damage,
    damage_type: words.damage_type ?? "",
  };
  const chosen = { ...before };
  return openDialog({
    title: "Correct",
    fill: (close) => {
      const result = el("p", { class: "result", "aria-live": "polite" });
      const save = button("Correct", () => close(differing(before, chosen)), "primary");
      const changed = () => {
        result.textContent = titleOf(chosen);
        save.disabled = Object.keys(differing(before, chosen)).length === 0;
      };
      const fields = wordFields(context, chosen, changed);
      return [
        el("p", { class: "soft" }, titleOf(before)),
        fields.node,
        result,
        dialogFoot(
          button("Repaint its shape instead", () => close("paint")),
          save,
        ),
      ];
    },
  });
}

const differing = (before, after) =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => value !== before[name]));

/** Why is it none? Keys 1–8 choose. Resolves with {reason, reason_text} or null. */
export function askReason(taxonomy, words) {
  return openDialog({
    title: "Reject because …",
    className: "menu",
    fill: (close) => {
      const text = el("input", {
        type: "text",
        maxLength: 500,
        required: true,
        "aria-label": "The reason in your words",
      });
      const form = el(
        "form",
        {
          class: "row",
          hidden: true,
          onsubmit: (event) => {
            event.preventDefault();
            close({ reason: form.dataset.reason, reason_text: text.value.trim() });
          },
        },
        text,
        el("button", { class: "button primary", type: "submit" }, "Reject"),
      );
      const choose = ({ value, needs_text: needsText }) => {
        if (!needsText) return close({ reason: value, reason_text: "" });
        form.dataset.reason = value;
        form.hidden = false;
        return text.focus();
      };
      const items = taxonomy.reject_reasons.map((reason, index) =>
        el(
          "button",
          {
            class: "menu-item",
            type: "button",
            autofocus: index === 0,
            onclick: () => choose(reason),
          },
          key(String(index + 1)),
          reason.label,
        ),
      );
      const list = el("div", { class: "menu-items" }, ...items);
      const byDigit = (event) => {
        const item = items[Number(event.key) - 1];
        if (!item || event.target === text) return;
        event.preventDefault();
        item.click();
      };
      list.addEventListener("keydown", byDigit);
      return [el("p", { class: "soft" }, titleOf(words)), list, form];
    },
  });
}

/** What was missed? Resolves with {words, paint} or null. */
export function askMissed(context, guess, where) {
  const { taxonomy, assessment } = context;
  const first =
    taxonomy.layers.damage.classes.find(({ name }) => name === "Dent") ??
    taxonomy.layers.damage.classes[0];
  const chosen = {
    part: guess?.name ?? "",
    side: guess?.side ?? "",
    damage: damageOfType(taxonomy, assessment.damage_merge, first.name),
    damage_type: first.name,
  };
  return openDialog({
    title: "Missed damage",
    fill: (close) => {
      const result = el("p", { class: "result", "aria-live": "polite" });
      const add = button("Add", () => close({ words: chosen, paint: false }), "primary");
      const paint = button("Paint its shape", () => close({ words: chosen, paint: true }));
      const fields = wordFields(context, chosen, () => {
        const complete = chosen.part !== "";
        add.disabled = !complete;
        result.textContent = complete ? titleOf(chosen) : "Choose the part it is on.";
      });
      return [el("p", { class: "soft" }, where), fields.node, result, dialogFoot(paint, add)];
    },
  });
}
