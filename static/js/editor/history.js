// What can be undone, newest last. An entry knows nothing of how it is undone; who asked does.

export class History {
  #done = [];
  #undone = [];
  #bytes = 0;

  constructor({ mostBytes = 64e6, bytesOf = () => 0 } = {}) {
    this.mostBytes = mostBytes;
    this.bytesOf = bytesOf;
  }

  get depth() {
    return this.#done.length;
  }

  get last() {
    return this.#done.at(-1) ?? null;
  }

  get next() {
    return this.#undone.at(-1) ?? null;
  }

  push(entry) {
    this.#done.push(entry);
    this.#undone = [];
    this.#bytes += this.bytesOf(entry);
    // The oldest go first, but never the one just made: the last stroke can always be undone.
    while (this.#bytes > this.mostBytes && this.#done.length > 1) {
      this.#bytes -= this.bytesOf(this.#done.shift());
    }
  }

  undo() {
    const entry = this.#done.pop() ?? null;
    if (entry) {
      this.#undone.push(entry);
      this.#bytes -= this.bytesOf(entry);
    }
    return entry;
  }

  redo() {
    const entry = this.#undone.pop() ?? null;
    if (entry) {
      this.#done.push(entry);
      this.#bytes += this.bytesOf(entry);
    }
    return entry;
  }
}
