"""What must hold for every approach and every version of every protocol."""

import dataclasses
from decimal import Decimal

import pytest

from longlight.science import evidence, protocols
from longlight.science.marks import Mark
from longlight.science.protocols import Protocol, VisitKind

EVERY = protocols.every_version()


def named(protocol: Protocol) -> str:
    return f"{protocol.id} {protocol.version}"


def test_there_are_three_approaches_with_the_same_rows() -> None:
    rows = [[fact.id for fact in approach.facts] for approach in protocols.approaches()]
    assert len(rows) == 3
    assert rows[0] == rows[1] == rows[2]


def test_each_approach_has_a_protocol_and_there_are_six() -> None:
    assert {p.approach for p in EVERY} == {a.id for a in protocols.approaches()}
    assert len(protocols.all()) >= 6


def test_evidence_speaks_of_the_same_approaches() -> None:
    assert set(evidence.approaches()) == {a.id for a in protocols.approaches()}


def test_a_published_version_keeps_its_hash() -> None:
    now = {named(p): protocols.content_hash(p) for p in EVERY}
    assert now == protocols.published_hashes(), "a change is a new version in a new file"


def test_any_change_of_a_number_changes_the_hash() -> None:
    protocol = protocols.get("iv-twice-weekly")
    dose = dataclasses.replace(
        protocol.dose, start=dataclasses.replace(protocol.dose.start, value=Decimal("0.51"))
    )
    changed = dataclasses.replace(protocol, dose=dose)
    assert protocols.content_hash(changed) != protocols.content_hash(protocol)


@pytest.mark.parametrize("protocol", EVERY, ids=named)
def test_every_number_names_its_source_and_unit(protocol: Protocol) -> None:
    numbers = list(protocols.sourced_numbers(protocol))
    assert len(numbers) > 20
    assert all(number.source.strip() and number.unit.strip() for number in numbers)


@pytest.mark.parametrize("protocol", EVERY, ids=named)
def test_evidence_and_gates_that_it_names_exist(protocol: Protocol) -> None:
    assert protocol.evidence
    for record_id in protocol.evidence:
        assert evidence.get(record_id)
    assert protocols.gate(protocol.readiness_gate)
    assert protocols.gate(protocol.discharge_gate)


@pytest.mark.parametrize("protocol", EVERY, ids=named)
def test_a_record_named_as_a_source_exists(protocol: Protocol) -> None:
    known = {record.id for record in evidence.all()}
    for number in protocols.sourced_numbers(protocol):
        if "(" in number.source:
            assert number.source.partition("(")[2].partition(")")[0] in known, number.source


@pytest.mark.parametrize("protocol", EVERY, ids=named)
def test_the_start_lies_within_what_the_sources_span(protocol: Protocol) -> None:
    dose = protocol.dose
    assert dose.range_low is not None
    assert dose.range_high is not None
    assert dose.range_low.value <= dose.start.value <= dose.range_high.value
    assert {dose.range_low.unit, dose.range_high.unit} == {dose.start.unit}


def test_generic_ketamine_is_told_to_be_off_label_and_esketamine_not() -> None:
    for protocol in EVERY:
        off_label = "not approved" in protocol.legal_status.text
        assert off_label == (protocol.dose.drug == "racemic ketamine")


def test_the_approaches_differ_where_the_article_says_they_differ() -> None:
    medicine = protocols.get("iv-twice-weekly")
    talk = protocols.get("iv-with-talk-therapy")
    experience = protocols.get("im-experience")
    assert not _kinds(medicine) & {VisitKind.TALK_THERAPY, VisitKind.INTEGRATION}
    assert VisitKind.TALK_THERAPY in _kinds(talk)
    assert VisitKind.INTEGRATION in _kinds(experience)
    assert VisitKind.TALK_THERAPY not in _kinds(experience)
    assert experience.dose.start.value > talk.dose.start.value
    assert "less talk" in experience.accompaniment.during.text


def test_the_experience_dose_waits_for_a_prescriber() -> None:
    rule = protocols.get("im-experience").dose
    concerns = protocols.dose_concerns(
        rule, route=rule.route, dose_mg=Decimal(70), weight_kg=Decimal(70)
    )
    assert [c.level for c in concerns] == [protocols.ConcernLevel.OVERRIDE]
    assert rule.start.mark is Mark.CHOICE


def _kinds(protocol: Protocol) -> set[VisitKind]:
    return {visit.kind for phase in protocol.phases for visit in phase.visits}


def test_an_unknown_protocol_is_answered_with_the_nearest() -> None:
    with pytest.raises(protocols.UnknownProtocol, match="iv-twice-weekly"):
        protocols.get("iv-twice-weekley")
    with pytest.raises(protocols.UnknownProtocol, match="no version 9"):
        protocols.get("iv-twice-weekly", "9")
