"""Step 8: the days after. How a course has gone by named criteria, and whether the next booster is wanted.

A status is judged anew from the scores that stand, each time it is asked for, and names its criteria, their version
and the two scores that it rests on. The calendar proposes a booster; a prescriber decides.
"""
