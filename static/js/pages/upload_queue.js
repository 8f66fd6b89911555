// Sends files a few at a time and knows what became of each. Touches no page and no network:
// `send(file, onProgress)` resolves to a receipt or throws.

export const WAITING = "waiting";
export const SENDING = "sending";
export const ADDED = "added";
export const DUPLICATE = "duplicate";
export const REFUSED = "refused";
export const LOST = "lost";

const OPEN = new Set([WAITING, SENDING]);
const TOO_MANY = 429;

// The server has looked at the file and said no; anything else may go better next time.
const isFinal = (status) => status >= 400 && status < 500 && status !== TOO_MANY;

export class UploadQueue {
  #send;
  #changed;
  #atOnce;
  #items = [];

  constructor({ send, changed, atOnce = 3 }) {
    this.#send = send;
    this.#changed = changed;
    this.#atOnce = atOnce;
  }

  get open() {
    return this.#items.filter((item) => OPEN.has(item.state)).length;
  }

  add(files) {
    for (const file of files) {
      const item = { file, state: WAITING, progress: 0, message: "", photo: null };
      this.#items.push(item);
      this.#changed(item);
    }
    this.#next();
  }

  // A file that got lost on a bad connection; the server answers twice-sent bytes as a duplicate.
  again(item) {
    this.#become(item, { state: WAITING, progress: 0, message: "" });
    this.#next();
  }

  #next() {
    const sending = this.#items.filter((item) => item.state === SENDING).length;
    const waiting = this.#items.filter((item) => item.state === WAITING);
    for (const item of waiting.slice(0, Math.max(0, this.#atOnce - sending))) this.#start(item);
  }

  async #start(item) {
    this.#become(item, { state: SENDING });
    try {
      const receipt = await this.#send(item.file, (progress) => this.#become(item, { progress }));
      this.#become(item, { state: receipt.outcome, message: receipt.message, photo: receipt.photo });
    } catch (error) {
      this.#become(item, { state: isFinal(error.status) ? REFUSED : LOST, message: error.message });
    }
    this.#next();
  }

  #become(item, change) {
    Object.assign(item, change);
    this.#changed(item);
  }
}
