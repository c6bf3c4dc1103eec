"""What people do in a case: on the record of acts, and in the timeline of its call."""

from callcenter.floor.acting import Actor, record
from callcenter.floor.audit import Act, Detail
from callcenter.floor.records import Transaction


def record_in_case(tx: Transaction, acting: Actor, act: Act, case_number: str, detail: Detail) -> None:
    """Puts an act on the record under `case/NNNNNN`, and into the timeline; `detail` holds nothing personal."""
    record(tx, acting, act, f"case/{case_number}", detail)
    if case := tx.cases.find(case_number):
        tx.timeline.add(case.call_sid, acting.now, acting.name, act.value, detail)
