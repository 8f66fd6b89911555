// The tray of photos: one row of the page for each file being sent and each photo of the case.
import { ADDED, DUPLICATE, LOST, REFUSED, SENDING, WAITING } from "./upload_queue.js";

const SENDING_WORDS = { [WAITING]: "waiting", [SENDING]: "sending", [REFUSED]: "cannot be used", [LOST]: "not sent" };
const STATE_WORDS = { received: "received", checking: "being checked", ready: "ready", refused: "cannot be used" };

export class Tray {
  #list;
  #template;
  #empty;
  #countLine;
  #submit;
  #rows = new Map();
  #acts;

  constructor(capture, acts) {
    this.#list = capture.querySelector("[data-tray]");
    this.#template = capture.querySelector("[data-photo-template]");
    this.#empty = capture.querySelector("[data-tray-empty]");
    this.#countLine = capture.querySelector("[data-count]");
    this.#submit = capture.querySelector("[data-submit]");
    this.#acts = acts;
    for (const row of this.#list.children) this.#take(row.dataset.photo, row);
  }

  get unsettled() {
    return this.#photos(["received", "checking"]).length > 0;
  }

  has(key) {
    return this.#rows.has(key);
  }

  // A file on its way, up to the moment it becomes a photo of the case.
  follow(item) {
    const row = this.#rows.get(item) ?? this.#make(item);
    if (item.state === ADDED) return this.#settle(item, row);
    if (item.state === DUPLICATE) return this.#fold(item, row);
    row.dataset.state = item.state;
    this.#word(row, item.state === SENDING ? `${Math.round(item.progress * 100)} %` : SENDING_WORDS[item.state]);
    this.#progress(row, item.state === SENDING || item.state === WAITING ? item.progress : null);
    this.#message(row, item.message || (item.state === WAITING ? item.file.name : ""));
    row.querySelector("[data-withdraw]").hidden = item.state !== REFUSED && item.state !== LOST;
    this.#offerAgain(item, row);
  }

  // A photo as the server knows it.
  show(photo) {
    const row = this.#rows.get(photo.id) ?? this.#make(photo.id);
    row.dataset.photo = photo.id;
    row.dataset.state = photo.state;
    this.#word(row, STATE_WORDS[photo.state]);
    this.#progress(row, null);
    if (!row.classList.contains("pointed-at")) this.#message(row, photo.refusal);
    this.#picture(row, photo);
    row.querySelector("[data-withdraw]").setAttribute("aria-label", `Withdraw photo ${photo.number}`);
  }

  remove(key) {
    this.#rows.get(key)?.remove();
    this.#rows.delete(key);
    this.count(0);
  }

  count(sending) {
    const counted = this.#photos(["received", "checking", "ready"]).length;
    const ready = this.#photos(["ready"]).length;
    const words = counted ? `${ready} of ${counted} photo${counted === 1 ? "" : "s"} checked` : "";
    this.#countLine.textContent = sending ? `${words}${words ? " · " : ""}sending ${sending}` : words;
    this.#submit.disabled = sending > 0 || !this.#submittable;
    this.#empty.hidden = this.#list.children.length > 0;
  }

  // What was submitted before is no answer to a request for more: only what may be withdrawn is new.
  get #submittable() {
    const counted = this.#photos(["received", "checking", "ready"]);
    return counted.some((row) => !row.querySelector("[data-withdraw]").hidden);
  }

  #photos(states) {
    return [...this.#list.children].filter((row) => row.dataset.photo && states.includes(row.dataset.state));
  }

  #make(key) {
    const row = this.#template.content.firstElementChild.cloneNode(true);
    this.#list.append(row);
    this.#take(key, row);
    row.querySelector("[data-withdraw]").hidden = typeof key !== "string";
    this.#empty.hidden = true;
    return row;
  }

  #take(key, row) {
    this.#rows.set(key, row);
    row.querySelector("[data-withdraw]")?.addEventListener("click", () => {
      if (row.dataset.photo) this.#acts.withdraw(row.dataset.photo);
      else this.remove(key);
    });
  }

  #settle(item, row) {
    this.#rows.delete(item);
    // A look at the server may have shown the new photo already.
    if (this.#rows.has(item.photo.id)) row.remove();
    else this.#rows.set(item.photo.id, row);
    this.show(item.photo);
    row.querySelector("[data-withdraw]").hidden = false;
  }

  #fold(item, row) {
    row.remove();
    this.#rows.delete(item);
    const first = this.#rows.get(item.photo.id);
    if (!first) return this.show(item.photo);
    this.#message(first, item.message);
    first.classList.add("pointed-at");
    setTimeout(() => {
      first.classList.remove("pointed-at");
      this.#message(first, "");
    }, 6000);
  }

  #offerAgain(item, row) {
    row.querySelector("[data-again]")?.remove();
    if (item.state !== LOST) return;
    const button = document.createElement("button");
    button.className = "button";
    button.type = "button";
    button.dataset.again = "";
    button.textContent = "Send again";
    button.addEventListener("click", () => this.#acts.again(item));
    row.append(button);
  }

  #word(row, text) {
    row.querySelector(".photo-word").textContent = text;
  }

  #message(row, text) {
    const line = row.querySelector(".photo-message");
    line.textContent = text;
    line.hidden = !text;
  }

  #progress(row, share) {
    const bar = row.querySelector("progress");
    bar.hidden = share === null;
    if (share !== null) bar.value = Math.round(share * 100);
  }

  #picture(row, photo) {
    row.querySelector(".photo-number").textContent = photo.number;
    if (photo.display_url) row.querySelector(".photo-picture").href = photo.display_url;
    const image = row.querySelector("img");
    image.alt = `Photo ${photo.number}`;
    if (!photo.thumbnail_url || image.getAttribute("src") === photo.thumbnail_url) return;
    image.src = photo.thumbnail_url;
    image.hidden = false;
  }
}
