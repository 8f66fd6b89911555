// The page of one case: photos are sent as they are chosen, and the tray follows the server.
import { ApiError, del, get } from "../api/client.js";
import { Tray } from "./case_tray.js";
import { DUPLICATE, LOST, UploadQueue } from "./upload_queue.js";
import { sendPhoto } from "./upload_send.js";

const POLL_MS = 1000;

function watchPhotos(capture) {
  const { photosUrl, photoUrl } = capture.dataset;
  const said = capture.querySelector("[data-said]");
  const tray = new Tray(capture, {
    withdraw: async (id) => {
      try {
        await del(photoUrl.replace("00000000-0000-0000-0000-000000000000", id));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        say(error.message);
        return;
      }
      tray.remove(id);
    },
    again: (item) => queue.again(item),
  });
  const queue = new UploadQueue({
    send: (file, onProgress) => sendPhoto(photosUrl, file, onProgress),
    changed: (item) => {
      tray.follow(item);
      tray.count(queue.open);
      if (item.state === DUPLICATE || item.state === LOST) say(item.message);
      poll();
    },
  });
  let polling = null;

  function say(text) {
    said.textContent = text;
  }

  function poll() {
    polling ??= setTimeout(look, POLL_MS);
  }

  async function look() {
    polling = null;
    try {
      const page = await get(photosUrl);
      // A photo on its way has its row already and gets its number from the upload's own answer.
      for (const photo of page.results) if (tray.has(photo.id) || !queue.open) tray.show(photo);
    } catch (error) {
      if (error instanceof ApiError && error.status < 500) return say(error.message);
      // No connection just now: the next look makes up for this one.
    }
    tray.count(queue.open);
    if (tray.unsettled || queue.open) poll();
  }

  takeFiles(capture, (files) => queue.add(files));
  addEventListener("beforeunload", (event) => {
    if (queue.open) event.preventDefault();
  });
  tray.count(queue.open);
  if (tray.unsettled) poll();
}

function takeFiles(capture, take) {
  for (const input of capture.querySelectorAll("input[type=file]")) {
    const takeChosen = () => {
      take([...input.files]);
      input.value = "";
    };
    input.addEventListener("change", takeChosen);
    // On a slow connection a photo may be chosen before this script is here.
    if (input.files.length) takeChosen();
  }
  capture.addEventListener("dragover", (event) => {
    event.preventDefault();
    capture.classList.add("dropping");
  });
  capture.addEventListener("dragleave", () => capture.classList.remove("dropping"));
  capture.addEventListener("drop", (event) => {
    event.preventDefault();
    capture.classList.remove("dropping");
    take([...event.dataTransfer.files]);
  });
}

// The frame of the page (state, facts) belongs to one state of the case; a new state, a new page.
function watchState(slot) {
  const look = async () => {
    const found = await get(slot.dataset.running).catch(() => null);
    if (found && found.state !== slot.dataset.state) location.reload();
    else setTimeout(look, POLL_MS);
  };
  setTimeout(look, POLL_MS);
}

const capture = document.querySelector("[data-capture]");
if (capture) watchPhotos(capture);
const running = document.querySelector("[data-running]");
if (running) watchState(running);
