(function () {
  const by = (id) => document.getElementById(id);
  const articles = Array.from(document.querySelectorAll("article"));
  const entries = new Map(Array.from(document.querySelectorAll("[data-entry]"), (item) => [item.dataset.entry, item]));
  const store = (key, value) => { try { if (value === undefined) return localStorage.getItem(key); localStorage.setItem(key, value); } catch (error) { return null; } };
  const texts = new Map();

  function speak() {
    const language = by("language").value;
    const words = WORDS[language];
    document.documentElement.lang = language;
    document.title = words.title;
    by("search").placeholder = words.search;
    by("night").textContent = words.night;
    by("nothing").textContent = words.nothing;
    show();
  }

  // what a reader of this language sees, opened or not
  function textOf(article) {
    const language = document.documentElement.lang;
    const key = language + " " + article.id;
    if (!texts.has(key)) {
      const copy = article.cloneNode(true);
      copy.querySelectorAll("[lang]:not([lang='" + language + "'])").forEach((other) => other.remove());
      texts.set(key, (article.id + " " + copy.textContent).toLowerCase());
    }
    return texts.get(key);
  }

  function show() {
    const sought = by("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const article of articles) {
      const fits = !sought.length || sought.every((word) => textOf(article).includes(word));
      article.hidden = entries.get(article.id).hidden = !fits;
      if (fits) count++;
    }
    for (const chapter of document.querySelectorAll("main > .chapter, [data-chapter]"))
      chapter.hidden = !chapter.querySelector("article:not([hidden]), [data-entry]:not([hidden])");
    by("count").textContent = sought.length ? WORDS[by("language").value].found.replace("{n}", count) : "";
    by("nothing").hidden = count > 0;
  }

  // a link into something closed opens it
  function open() {
    const target = location.hash && by(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) { by("search").value = ""; show(); }
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    target.querySelectorAll(":scope > details").forEach((inner) => { inner.open = true; });
    target.scrollIntoView();
  }

  function follow() {
    const watcher = new IntersectionObserver((seen) => {
      for (const each of seen) entries.get(each.target.id).classList.toggle("here", each.isIntersecting);
      const first = document.querySelector("[data-entry].here");
      const side = by("side");
      if (first && getComputedStyle(side).overflowY === "auto" && !side.matches(":hover")) {
        const top = first.offsetTop - side.clientHeight / 2;
        if (Math.abs(side.scrollTop - top) > side.clientHeight / 3) side.scrollTop = top;
      }
    }, { rootMargin: "-15% 0px -70% 0px" });
    articles.forEach((article) => watcher.observe(article));
  }

  const night = (on) => { document.body.classList.toggle("nightMode", on); store("night", on ? "1" : ""); };

  by("search").addEventListener("input", show);
  by("language").addEventListener("change", () => { store("language", by("language").value); speak(); });
  by("night").addEventListener("click", () => night(!document.body.classList.contains("nightMode")));
  by("menu").addEventListener("click", () => by("side").classList.toggle("open"));
  by("side").addEventListener("click", (event) => { if (event.target.closest(".contents a")) by("side").classList.remove("open"); });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, button") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "n") night(!document.body.classList.contains("nightMode"));
    else if (event.key === "/") { by("search").focus(); event.preventDefault(); }
  });
  window.addEventListener("hashchange", open);

  const asked = new URLSearchParams(location.search);
  const language = asked.get("language") || store("language");
  if (language in WORDS) by("language").value = language;
  if (asked.get("search")) by("search").value = asked.get("search");
  night(asked.has("night") || store("night") === "1" || (store("night") === null && matchMedia("(prefers-color-scheme: dark)").matches));
  speak();
  open();
  follow();
})();
