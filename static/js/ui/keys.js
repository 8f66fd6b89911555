// Keyboard: a table of keys with their words, so that what `?` shows is what the page does.

const TYPED_IN = "input:not([type=range], [type=radio], [type=checkbox]), textarea, select";

/** The name of a key press as tables write it: "Ctrl+s", "Shift+Z", "ArrowDown". */
export function nameOf(event) {
  const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const shift =
    event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key)) ? "Shift+" : "";
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  return `${control}${shift}${letter}`;
}

/** Run the binding of a key; typing, dialogs and the browser's own shortcuts come first. */
export function mountKeys(bindings, { blocked }) {
  const byKey = new Map(bindings.flatMap((binding) => binding.keys.map((name) => [name, binding])));
  document.addEventListener("keydown", (event) => {
    // A key that chose in a dialog has closed it by now; it must not act on the page as well.
    if (event.defaultPrevented || blocked() || event.altKey || event.target.closest?.(TYPED_IN))
      return;
    const binding = byKey.get(nameOf(event));
    if (!binding || (binding.when && !binding.when(event))) return;
    event.preventDefault();
    if (!event.repeat || binding.repeats) binding.run(event);
  });
}
