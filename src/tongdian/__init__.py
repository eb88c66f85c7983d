"""Tongdian 通电: the open platform for getting electricity."""
