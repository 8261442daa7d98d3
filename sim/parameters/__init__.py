"""Parameters by path: the list of all of them, their words, changing one, and the timeline that changes them."""
