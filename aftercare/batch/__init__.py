"""Many appointments at once: from a file of them, or from any iterator, to the rows of their plans.

`plan_rows` is the heart and needs no file; the rest reads, shares out the work and writes.
"""

from aftercare.batch.rows import Appointment, PlanRow, Rejected, plan_rows

__all__ = ["Appointment", "PlanRow", "Rejected", "plan_rows"]
