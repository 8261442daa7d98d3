"""The order of events within a period: written down here and nowhere else.

The engine and the readable twin both walk through `PERIOD` and call the stage of that name. A new rule
takes its place in this tuple. Rules from outside are asked in `outside`, and at the moments of `sim.model.moments`.
"""

PERIOD: tuple[str, ...] = (
    "policy",  # the timeline's changes take effect
    "price_reply",  # firms that answer the prices of others set theirs anew
    "load",  # each firm's work against its staff: pressure, cut corners, overtime; staff and standard move on
    "encounters",  # service is delivered, perceived and judged; the dissatisfied exit, speak up or stay
    "complaint_desk",  # complaints queue, are answered, and the answers are judged
    "word_of_mouth",  # those with a story tell it
    "movement",  # listeners take in what they heard; people leave, switch, return, join; points lapse
    "outside",  # rules from outside look at the customers, if a run has any
    "learning",  # firms hear of failures, and correct them
    "accounts",  # what is booked by the period, and the ledgers are checked
)
