(function () {
  // one variant a day: the same on front and back; without script the first one shows
  var day = Math.floor((Date.now() - new Date().getTimezoneOffset() * 60000) / 86400000 - 4 / 24);
  var cards = document.querySelectorAll(".byheart");
  for (var c = 0; c < cards.length; c++) {
    var key = cards[c].getAttribute("data-card") + day, mix = 7;
    for (var i = 0; i < key.length; i++) mix = (mix * 31 + key.charCodeAt(i)) >>> 0;
    var groups = cards[c].querySelectorAll(".variants");
    for (var g = 0; g < groups.length; g++) {
      var shown = groups[g].children;
      for (var v = 0; v < shown.length; v++)
        shown[v].className = "variant" + (v === mix % shown.length ? " today" : "");
      groups[g].className = "variants dated";
    }
  }
})();
