"""Every colour and size of the window, by what it is for. Nothing else in `ui` names a colour or a size."""

from __future__ import annotations

from dataclasses import dataclass

S1, S2, S3, S4, S5, S6 = 4, 8, 12, 16, 24, 32
CAPTION, BODY, HEADING, TITLE, BIG = 12, 13, 15, 20, 28
RADIUS, CARD_RADIUS = 6, 8
HEADER_HEIGHT, STATUS_HEIGHT, RAIL_WIDTH = 48, 28, 64
LEFT_WIDTH, RIGHT_WIDTH = 240, 320
CONTROL_HEIGHT = 32
MOTION_MS = 140

_CATEGORIES_LIGHT = {
    "io": "#6B7280",
    "core": "#2563EB",
    "convolution": "#0D9488",
    "pooling": "#0891B2",
    "recurrent": "#7C3AED",
    "attention": "#C026D3",
    "normalization": "#16A34A",
    "regularization": "#D97706",
    "activation": "#EA580C",
    "reshaping": "#475569",
    "merging": "#E11D48",
    "preprocessing": "#6B7F1A",
    "models": "#9D4B1F",
}
_CATEGORIES_DARK = {
    "io": "#9CA3AF",
    "core": "#6EA0FF",
    "convolution": "#2DD4BF",
    "pooling": "#38BDF8",
    "recurrent": "#A78BFA",
    "attention": "#E879F9",
    "normalization": "#4ADE80",
    "regularization": "#FBBF24",
    "activation": "#FB923C",
    "reshaping": "#94A3B8",
    "merging": "#FB7185",
    "preprocessing": "#BCCB4F",
    "models": "#E2A37A",
}


@dataclass(frozen=True)
class Tokens:
    """One look. Grounds from the back to the front are `window`, `surface`, `raised`; `wash` marks what is selected."""

    name: str
    window: str
    surface: str
    raised: str
    hover: str
    pressed: str
    border: str
    strong_border: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    wash: str
    good: str
    warning: str
    danger: str
    danger_hover: str
    on_danger: str
    good_wash: str
    warning_wash: str
    danger_wash: str
    training: str
    validation: str
    series: tuple[str, ...]
    categories: dict[str, str]
    shadow: str

    @property
    def dark(self) -> bool:
        return self.name == "dark"

    def category(self, name: str) -> str:
        """The colour of a layer's category; grey for one that is not known."""
        return self.categories.get(name, self.categories["io"])


LIGHT = Tokens(
    name="light",
    window="#F6F7F9",
    surface="#FFFFFF",
    raised="#FFFFFF",
    hover="#EEF0F3",
    pressed="#E3E6EA",
    border="#E3E6EA",
    strong_border="#C9CED6",
    text="#1B1F24",
    muted="#5B6470",
    faint="#68717B",
    accent="#2563EB",
    accent_hover="#1D4FD7",
    accent_pressed="#1A45BE",
    on_accent="#FFFFFF",
    wash="#E8F0FE",
    good="#15803D",
    warning="#B45309",
    danger="#C62828",
    danger_hover="#A91F1F",
    on_danger="#FFFFFF",
    good_wash="#EAF6EE",
    warning_wash="#FDF3E3",
    danger_wash="#FDECEC",
    training="#0072B2",
    validation="#D55E00",
    series=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A6A00"),
    categories=_CATEGORIES_LIGHT,
    shadow="#1B1F24",
)

DARK = Tokens(
    name="dark",
    window="#131417",
    surface="#1A1C20",
    raised="#212429",
    hover="#282C32",
    pressed="#30353C",
    border="#2C3036",
    strong_border="#434952",
    text="#E8EAED",
    muted="#A5ADB8",
    faint="#89919C",
    accent="#6EA0FF",
    accent_hover="#86B0FF",
    accent_pressed="#5A8FF5",
    on_accent="#0B1220",
    wash="#1C2A45",
    good="#4ADE80",
    warning="#FBBF24",
    danger="#FF7B72",
    danger_hover="#FF948D",
    on_danger="#1F0B0A",
    good_wash="#16291D",
    warning_wash="#2E2614",
    danger_wash="#331C1C",
    training="#56B4E9",
    validation="#FF8A4C",
    series=("#56B4E9", "#FF8A4C", "#2BC79A", "#E39CC5", "#F0C04A", "#A9D4F5", "#D6CF6A"),
    categories=_CATEGORIES_DARK,
    shadow="#000000",
)
