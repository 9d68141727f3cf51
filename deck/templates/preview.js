(function () {
  const by = (id) => document.getElementById(id);
  const cards = Array.from(document.querySelectorAll("article"));
  const filters = ["chapter", "kind", "exercise"];
  const store = (key, value) => { try { if (value === undefined) return localStorage.getItem(key); localStorage.setItem(key, value); } catch (error) { return null; } };

  function options(name) {
    const language = by("language").value;
    const values = new Set(cards.filter((card) => card.dataset.language === language).map((card) => card.dataset[name]));
    values.delete("");
    const kept = by(name).value;
    by(name).replaceChildren(new Option(WORDS[language]["every_" + name], ""), ...[...values].map((value) => new Option(value, value)));
    by(name).value = values.has(kept) ? kept : "";
  }

  function speak() {
    const words = WORDS[by("language").value];
    document.documentElement.lang = by("language").value;
    document.title = by("title").textContent = words.title;
    by("search").placeholder = words.search;
    by("night").textContent = words.night;
    by("all").textContent = words.flip_all;
    by("nothing").textContent = words.nothing;
    by("cards").title = words.help;
    filters.forEach(options);
    show();
  }

  function show() {
    const language = by("language").value;
    const sought = by("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const card of cards) {
      const fits = card.dataset.language === language
        && filters.every((name) => !by(name).value || card.dataset[name] === by(name).value)
        && sought.every((word) => card.dataset.words.includes(word));
      card.hidden = !fits;
      if (fits) count++;
    }
    by("count").textContent = count + " " + WORDS[language].found;
    by("nothing").hidden = count > 0;
  }

  const flip = (card) => card.classList.toggle("flipped");
  const night = (on) => { document.body.classList.toggle("nightMode", on); store("night", on ? "1" : ""); };

  document.addEventListener("click", (event) => {
    const card = event.target.closest("article");
    if (card && !String(getSelection())) flip(card);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, button")) return;
    const seen = cards.filter((card) => !card.hidden);
    const at = seen.indexOf(document.activeElement);
    if (event.key === " " || event.key === "Enter") { if (at >= 0) { flip(seen[at]); event.preventDefault(); } }
    else if (event.key === "ArrowRight" || event.key === "j") (seen[at + 1] || seen[0])?.focus();
    else if (event.key === "ArrowLeft" || event.key === "k") (seen[at - 1] || seen[seen.length - 1])?.focus();
    else if (event.key === "n") night(!document.body.classList.contains("nightMode"));
    else if (event.key === "/") { by("search").focus(); event.preventDefault(); }
  });
  by("search").addEventListener("input", show);
  filters.forEach((name) => by(name).addEventListener("change", show));
  by("language").addEventListener("change", () => { store("language", by("language").value); speak(); });
  by("night").addEventListener("click", () => night(!document.body.classList.contains("nightMode")));
  by("all").addEventListener("click", () => {
    const seen = cards.filter((card) => !card.hidden);
    const on = !seen.every((card) => card.classList.contains("flipped"));
    seen.forEach((card) => card.classList.toggle("flipped", on));
  });

  const asked = new URLSearchParams(location.search);
  const language = asked.get("language") || store("language");
  if (language in WORDS) by("language").value = language;
  if (asked.get("search")) by("search").value = asked.get("search");
  night(asked.has("night") || store("night") === "1" || (store("night") === null && matchMedia("(prefers-color-scheme: dark)").matches));
  speak();
})();
