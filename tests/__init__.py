"""Tests; `conftest.py` says what holds for all of them."""

from tests import first_look

first_look.wait()
