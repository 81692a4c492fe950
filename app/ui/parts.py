"""The parts every screen is made of. Import them from here; they live in the `parts_*` files beside it."""

from __future__ import annotations

from app.ui.parts_button import Button, Kind, Pressable, SearchBox
from app.ui.parts_paint import (
    CAP_HEIGHT,
    CHIP_HEIGHT,
    Shaped,
    chip_width,
    elide,
    keycap_width,
    paint_avatar,
    paint_bar,
    paint_card,
    paint_chip,
    paint_focus,
    paint_glow,
    paint_keycap,
    paint_ring,
    paint_text,
    text_width,
)
from app.ui.parts_say import Banner, BannerKind, EmptyState, IconSpot, Notice
from app.ui.parts_sheet import Sheet
from app.ui.parts_show import (
    Avatar,
    Bar,
    Card,
    Chip,
    Dot,
    Field,
    Figure,
    KeyCap,
    Quote,
    Ring,
    SectionHead,
    Skeleton,
    TierChip,
    tier_tint,
)

__all__ = [
    "CAP_HEIGHT", "CHIP_HEIGHT", "Avatar", "Banner", "BannerKind", "Bar", "Button", "Card", "Chip", "Dot", "EmptyState",
    "Field", "Figure", "IconSpot", "KeyCap", "Kind", "Notice", "Pressable", "Quote", "Ring", "SearchBox", "SectionHead",
    "Shaped", "Sheet", "Skeleton", "TierChip", "chip_width", "elide", "keycap_width", "paint_avatar", "paint_bar",
    "paint_card", "paint_chip", "paint_focus", "paint_glow", "paint_keycap", "paint_ring", "paint_text", "text_width",
    "tier_tint",
]
