"""Sequences of sending, importing and deleting that nobody wrote down, compared with a model."""

from roamspec.generative import response_checks
from roamspec.generative.requirement_mapping import NAMES
from roamspec.generative.sequences import Sequences
from roamspec.generative.verdicts import check_finding, check_rest
from roamspec.suite import JointCheckContext, costs, covers, expensive, generative


@covers(*dict.fromkeys((*NAMES, *response_checks.NAMES)))
@generative
@expensive
@costs(1100)
def test_drawn_sequences(cases: JointCheckContext) -> None:
    """All five operations in one world; what is found is judged under the operation at fault."""
    sequences = Sequences(cases.session, cases.effort, replies=response_checks.Replies(cases.of))
    findings = sequences.explore()
    for finding in findings:
        check_finding(cases.of, finding, sequences.context.visibility, cases.effort)
    check_rest(cases.of, sequences.journal)
    cases.session.notes += sequences.journal.sentences()
    if sequences.journal.coverage.calls:
        cases.session.notes.append(sequences.journal.coverage.sentence())
