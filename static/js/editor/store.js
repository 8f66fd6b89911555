// The one store of a page. A commit is a change set, {origin, before, after}: only the fields
// that really changed, and who changed them, so that an observer can skip its own echo.

export function createStore(initial) {
  let state = Object.freeze({ ...initial });
  const observers = new Set();

  const commit = (patch, origin) => {
    const names = Object.keys(patch).filter((name) => !Object.is(patch[name], state[name]));
    const unknown = names.find((name) => !(name in state));
    if (unknown) throw new TypeError(`The store has no field ${unknown}.`);
    if (names.length === 0) return null;
    const pick = (source) => Object.fromEntries(names.map((name) => [name, source[name]]));
    const change = Object.freeze({ origin, before: pick(state), after: pick(patch) });
    state = Object.freeze({ ...state, ...change.after });
    for (const { names: watched, react } of [...observers]) {
      if (!watched || names.some((name) => watched.includes(name))) react(state, change);
    }
    return change;
  };

  return {
    get state() {
      return state;
    },
    commit,
    /** Call `react(state, change)` whenever one of `names` changed (any field without names). */
    observe(names, react) {
      const observer = { names, react };
      observers.add(observer);
      return () => observers.delete(observer);
    },
  };
}

export const inverse = (change) => ({ ...change, before: change.after, after: change.before });
