// Shows the schema with Swagger UI, served from here; "Try it out" uses the session of the page.
import { csrfToken } from "../api/client.js";

const place = document.querySelector("#api");

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  syntaxHighlight: false,
  requestInterceptor: (request) => {
    request.headers["X-CSRFToken"] = csrfToken();
    return request;
  },
});
