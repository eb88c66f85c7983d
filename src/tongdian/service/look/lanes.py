"""Lanes, and the one set of colours they keep on every page, chart and export."""

from dataclasses import dataclass

from django.utils.functional import Promise

from tongdian.law.process import LANE_NAMES, Lane

INK = "#14213d"
PAPER = "#ffffff"
MIST = "#f3f5f8"
LINE = "#d7dde5"
MUTED = "#4a5568"
TEAL = "#0b6e6e"
AMBER = "#f2a900"
OVERDUE = "#b3261e"
LANE_COLOURS = {"applicant": "#4f6bed", "utility": "#0b8a8a", "government": "#b5651d"}
LANES = tuple(LANE_COLOURS)


def lane_name(lane: str, language: str) -> str:
    """供电企业, or Utility; an unknown lane is its own name."""
    try:
        zh, en = LANE_NAMES[Lane(lane)]
    except ValueError:
        return lane
    return en if language == "en" else zh


@dataclass(frozen=True, slots=True)
class Status:
    """A status as pages, tables and exports show it: (value, label, colour).

    `colour` is one of `grey`, `applicant`, `utility`, `government`, `teal`, `overdue`, `paused`,
    `energised`.
    """

    value: str
    label: str | Promise
    colour: str = "grey"

    def __str__(self) -> str:
        return str(self.label)
