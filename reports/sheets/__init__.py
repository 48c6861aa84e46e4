"""The plan as pages: what stands on each of its numbered pages and in its annexes, out of a snapshot.

Composers turn a snapshot into blocks; `fitting` decides how many rows of them a page holds. What a page does not hold
stands in an annex that the page names. Nothing here reads the database.
"""
