// All writes of the page, one after another, and what became of them: saved, saving, not saved.
import { ApiError } from "../../api/client.js";

const reasonOf = (error) =>
  error instanceof ApiError ? error.message : "The server could not be reached.";

export function createWriter({ store, say }) {
  let last = Promise.resolve();
  let numbered = 0;

  const drop = (id) =>
    store.commit({ failures: store.state.failures.filter((item) => item.id !== id) }, "writer");

  function refused(error, what, again) {
    if (error instanceof ApiError && error.code === "lease_lost") {
      store.commit({ lost: error.details }, "writer");
      return;
    }
    numbered += 1;
    const id = numbered;
    const failure = {
      id,
      what,
      why: reasonOf(error),
      again: () => (drop(id), again()),
      leave: () => drop(id),
    };
    store.commit({ failures: [...store.state.failures, failure] }, "writer");
    say.alert(`Not saved: ${what}. ${failure.why}`);
  }

  const ended = (patch = {}) =>
    store.commit({ pending: store.state.pending - 1, ...patch }, "writer");

  /**
   * Send a write when its turn comes. Resolves with its answer, or null where it was refused:
   * the refusal is then shown with a way to try again (`again`), unless `catches` takes it.
   */
  async function send(
    what,
    write,
    { again = () => send(what, write), catches = () => false } = {},
  ) {
    store.commit({ pending: store.state.pending + 1 }, "writer");
    const turn = last.then(write);
    last = turn.catch(() => null);
    try {
      const answer = await turn;
      ended({ savedAt: new Date() });
      return answer;
    } catch (error) {
      ended();
      if (!catches(error)) refused(error, what, again);
      return null;
    }
  }

  return { send, settled: () => last };
}
