"""Sequences of sending, importing and deleting that nobody wrote down, compared with a model."""

from roamspec.generative import replies
from roamspec.generative.naming import NAMES
from roamspec.generative.sequences import Sequences
from roamspec.generative.verdicts import judge_finding, judge_rest
from roamspec.suite import Cases, costly, generative, judges


@judges(*dict.fromkeys((*NAMES, *replies.NAMES)))
@generative
@costly
def test_drawn_sequences(cases: Cases) -> None:
    """All five operations in one world; what is found is judged under the operation at fault."""
    sequences = Sequences(cases.session, cases.effort, replies=replies.Replies(cases.of))
    findings = sequences.explore()
    for finding in findings:
        judge_finding(cases.of, finding, sequences.ground.visibility, cases.effort)
    judge_rest(cases.of, sequences.journal)
    cases.session.notes += sequences.journal.sentences()
    if sequences.journal.coverage.calls:
        cases.session.notes.append(sequences.journal.coverage.sentence())
