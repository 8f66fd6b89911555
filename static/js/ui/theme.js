// Runs before the first paint, so that a chosen theme never flashes. Nothing else belongs here.
(() => {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
