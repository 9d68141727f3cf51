"""Block diagrams of the transformer, drawn from below as the paper does, in the words of the code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from markupsafe import Markup

from deck import svg

Words = Callable[[str], str]

HEIGHT, GAP = 38.0, 20.0

# A column from below: blocks by name. "add_norm" and "add" receive what goes around the block below them.
ENCODER = ("self_attention", "add_norm", "feed_forward", "add_norm")
DECODER = ("masked_self_attention", "add_norm", "cross_attention", "add_norm", "feed_forward", "add_norm")
STRUCTURES: dict[str, tuple[str, ...]] = {
    "encoder_layer": ENCODER,
    "decoder_layer": DECODER,
    "decoder_only": (
        "embedding",
        "positions",
        "masked_self_attention",
        "add_norm",
        "feed_forward",
        "add_norm",
        "linear",
        "output_softmax",
    ),
    "post_norm": ("sublayer", "add", "norm"),
    "pre_norm": ("norm", "sublayer", "add"),
    "attention_step": ("scores", "scale", "mask", "softmax", "average"),
    "multi_head": ("projections", "split", "attention_heads", "merge", "output_projection"),
}
LAYERS = {"decoder_only": (2, 5)}  # first and last block of what is repeated N times
AROUND = {
    "pre_norm": {2: 0},
    "post_norm": {1: 0},
}  # where a skip starts: block -> the block before which it leaves
SIDE = {"cross_attention": "memory", "average": "values", "positions": ""}
ENDS = {"attention_step": ("queries_keys", "output"), "decoder_only": ("tokens", "next_token")}


def structure(words: Words, name: str, hide: Sequence[str] = (), mark: Sequence[str] = ()) -> Markup:
    """One of STRUCTURES, or "encoder_decoder". Hidden blocks show a question mark.

    A block may be named with its position from below, counted from 1: "add_norm2"."""
    if name == "encoder_decoder":
        return _encoder_decoder(words, _as_list(hide), _as_list(mark))
    if name not in STRUCTURES:
        raise ValueError(
            f"there is no structure {name!r}; choose among {', '.join([*STRUCTURES, 'encoder_decoder'])}"
        )
    blocks = STRUCTURES[name]
    height = len(blocks) * (HEIGHT + GAP) + 2 * 26 + GAP
    drawn = _Column(words, blocks, 60, 200, height - 26, _as_list(hide), _as_list(mark), AROUND.get(name))
    start, end = ENDS.get(name, ("input", "output"))
    content = drawn.all(start, end)
    if name in LAYERS:
        content += drawn.repeated(*LAYERS[name])
    return svg.picture(360, height, content, words(name))


def _as_list(names: Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


class _Column:
    """Blocks above each other, from `bottom` up."""

    def __init__(
        self,
        words: Words,
        blocks: Sequence[str],
        x: float,
        width: float,
        bottom: float,
        hide: Sequence[str],
        mark: Sequence[str],
        around: dict[int, int] | None = None,
        letters: int = 23,
        detour: float = 20,
        sides: bool = True,
    ) -> None:
        self.words, self.blocks, self.x, self.width, self.bottom = words, blocks, x, width, bottom
        self.hide, self.mark, self.around, self.letters = hide, mark, around, letters
        self.detour, self.sides = detour, sides

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    def top_of(self, n: int) -> float:
        return self.bottom - GAP - HEIGHT - n * (HEIGHT + GAP)

    def all(self, start: str, end: str) -> str:
        """Blocks, arrows, what goes around, and the words at both ends."""
        parts = [svg.text(self.middle, self.bottom + 16, self.words(start), "quiet")] if start else []
        for n, block in enumerate(self.blocks):
            parts.append(
                svg.arrow(self.middle, self.top_of(n) + HEIGHT + GAP, self.middle, self.top_of(n) + HEIGHT)
            )
            parts += [self.block(n, block), self.skip(n, block), self.side(n, block)]
        top = self.top_of(len(self.blocks) - 1)
        parts.append(svg.arrow(self.middle, top, self.middle, top - GAP))
        parts.append(svg.text(self.middle, top - GAP - 6, self.words(end), "quiet") if end else "")
        return "".join(parts)

    def names(self, n: int, block: str) -> set[str]:
        """A block's name, and the same with its count among its like."""
        return {block, f"{block}{self.blocks[: n + 1].count(block)}"}

    def block(self, n: int, block: str) -> str:
        hidden = bool(self.names(n, block) & set(self.hide))
        marked = bool(self.names(n, block) & set(self.mark))
        label = ["?"] if hidden else svg.wrap(self.words(block), self.letters)
        y = self.top_of(n)
        style = "box hidden" if hidden else "box hot" if marked else "box"
        ink = "accent" if hidden else "ink"
        return svg.box(self.x, y, self.width, HEIGHT, style) + svg.lines(
            self.middle, y + HEIGHT / 2, label, ink, 15
        )

    def skip(self, n: int, block: str) -> str:
        """The residual path: from below the sub-layer to the addition, on the left."""
        if self.around is not None:
            if n not in self.around:
                return ""
            start = self.around[n]
        elif block == "add_norm" and n > 0:
            start = n - 1
        else:
            return ""
        y_from, y_to = self.top_of(start) + HEIGHT + GAP * 0.62, self.top_of(n) + HEIGHT / 2
        out = self.x - self.detour
        start_point = f"M{svg.short(self.middle)} {svg.short(y_from)}"
        data = f"{start_point}H{svg.short(out)}V{svg.short(y_to)}H{svg.short(self.x)}"
        return svg.path(data) + svg.head(out, y_to, self.x, y_to)

    def side(self, n: int, block: str) -> str:
        """What comes from elsewhere, on the right."""
        word = SIDE.get(block, "") if self.sides else ""
        if not word:
            return ""
        y, right = self.top_of(n) + HEIGHT / 2, self.x + self.width
        label = "?" if word in self.hide else self.words(word)
        return svg.arrow(right + 26, y, right, y) + svg.lines(
            right + 62, y, svg.wrap(label, 10), "accent" if label == "?" else "quiet", 14
        )

    def repeated(self, first: int, last: int) -> str:
        """A bracket: these blocks, N times."""
        x, top, bottom = self.x + self.width + 5, self.top_of(last), self.top_of(first) + HEIGHT
        bracket = f"M{svg.short(x)} {svg.short(top)}h6V{svg.short(bottom)}h-6"
        return svg.path(bracket) + svg.text(x + 10, (top + bottom) / 2 + 5, "×N", "quiet", "start")


def _encoder_decoder(words: Words, hide: Sequence[str], mark: Sequence[str]) -> Markup:
    """Both stacks: the encoder's output goes to every decoder layer."""
    left = ("embedding", *ENCODER)
    right = ("embedding", *DECODER, "linear", "output_softmax")
    height = len(right) * (HEIGHT + GAP) + 2 * 26 + GAP
    encoder = _Column(words, left, 20, 122, height - 26, hide, mark, letters=15, detour=13)
    decoder = _Column(words, right, 200, 122, height - 26, hide, mark, letters=15, detour=13, sides=False)
    top = encoder.top_of(len(left) - 1)
    across = decoder.top_of(3) + HEIGHT / 2
    parts = [
        encoder.all("source", ""),
        decoder.all("target", "next_token"),
        encoder.repeated(1, 4),
        decoder.repeated(1, 6),
        svg.path(
            f"M{svg.short(encoder.middle)} {svg.short(top - GAP)}V{svg.short(top - GAP - 10)}"
            f"H178V{svg.short(across)}H200"
        ),
        svg.head(178, across, 200, across),
        svg.text(
            encoder.middle,
            top - GAP - 18,
            "?" if "memory" in hide else words("memory"),
            "accent" if "memory" in hide else "quiet",
        ),
    ]
    return svg.picture(360, height, "".join(parts), words("encoder_decoder"))


def origins(words: Words, kind: str = "self", hide: Sequence[str] = (), mark: Sequence[str] = ()) -> Markup:
    """Where queries, keys and values come from: kind "self", "masked" or "cross".

    Parts that can be hidden or marked: q, k, v, w_q, w_k, w_v, and the sources x and memory.
    """
    if kind not in ("self", "masked", "cross"):
        raise ValueError(f'there is no kind {kind!r}; choose among "self", "masked", "cross"')
    hidden, marked = set(_as_list(hide)), set(_as_list(mark))
    width, columns = 360.0, dict(zip("qkv", (76.0, 180.0, 284.0), strict=True))
    attention = {"self": "self_attention", "masked": "masked_self_attention", "cross": "cross_attention"}[
        kind
    ]
    parts = [svg.box(30, 28, 300, HEIGHT), svg.lines(180, 28 + HEIGHT / 2, [words(attention)])]
    parts.append(svg.arrow(180, 28, 180, 10))
    for letter, x in columns.items():
        parts.append(_letter(x, 108, letter.upper(), letter in hidden, letter in marked))
        parts.append(svg.arrow(x, 92, x, 28 + HEIGHT) + svg.arrow(x, 150, x, 122))
        weight = f"w_{letter}"
        style = "box hidden" if weight in hidden else "box hot" if weight in marked else "box"
        parts.append(svg.box(x - 32, 150, 64, 34, style))
        parts.append(
            _sub(x, 172, "W", letter.upper()) if weight not in hidden else svg.text(x, 172, "?", "accent")
        )
    sources = {"x": "qkv"} if kind != "cross" else {"x": "q", "memory": "kv"}
    for source, letters in sources.items():
        xs = [columns[letter] for letter in letters]
        label = words(
            "decoder_states"
            if kind == "cross" and source == "x"
            else "memory"
            if source == "memory"
            else "one_sequence"
        )
        middle = sum(xs) / len(xs)
        parts += [svg.arrow(middle, 226, x, 184) for x in xs]
        name = "accent" if source in hidden else "quiet"
        parts.append(
            svg.lines(
                middle,
                244,
                ["?"] if source in hidden else svg.wrap(label, 34 if len(xs) == 3 else 20),
                name,
                15,
            )
        )
    return svg.picture(width, 268, "".join(parts), words(attention))


def _letter(x: float, y: float, letter: str, hidden: bool, marked: bool) -> str:
    return svg.text(x, y + 6, "?" if hidden else letter, "accent big" if hidden or marked else "ink big")


def _sub(x: float, y: float, letter: str, index: str) -> str:
    inner = f'{letter}<tspan dy="4" font-size="11">{index}</tspan>'
    return svg.tag("text", inner, x=x, y=y, _class="ink", text_anchor="middle")
