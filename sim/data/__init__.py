"""What people bring: tables from files, read as they are written, with a word on how each was understood.

One reader for calibration data and edge lists: encoding, separators, decimals, dates and codes are found out and said,
or asked for by a setting where two readings are possible. Nothing here simulates or fits; explained in docs/data.md.
"""
