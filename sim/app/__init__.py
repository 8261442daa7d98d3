"""The page of `sim app`: today beside what might be, with the same luck, on this machine's own server.

`starts` knows the scenarios that one may begin from, `movable` what can be moved, `wished` reads what a page asks for,
`single_world` lives one world of one replication and `watched_people` what 120 of its people go through, `picture` and
`headline` are what is shown of them, `turns` streams it and stops what is older, `lever_range` tries one lever,
`kept_files` writes scenario and experiment files, `door` decides who may ask, `web` answers, `serving` begins and ends.
What a browser loads stands in `page/`. Nothing here is loaded before the command is used.
"""
