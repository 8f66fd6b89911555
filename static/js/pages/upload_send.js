// One file to the API by XMLHttpRequest: fetch does not tell how much has been sent.
import { ApiError, csrfToken } from "../api/client.js";

const NO_ANSWER = "The connection was lost. The photo is still on your device.";

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return { message: `The server answered ${request.status} without saying why. Try again.`, code: "unexpected" };
  }
}

export function sendPhoto(url, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("error", () => reject(new ApiError(0, { code: "offline", message: NO_ANSWER })));
    request.addEventListener("load", () => {
      const answer = answerOf(request);
      if (request.status < 300) resolve(answer.receipts[0]);
      else reject(new ApiError(request.status, answer));
    });
    const form = new FormData();
    form.append("photos", file, file.name);
    request.send(form);
  });
}
