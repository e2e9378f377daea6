"""A practice's own protocol: versions, who may make them, what holds when, and the API."""

import json
import threading

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from assessments import rules
from assessments.clinic_hooks import check_packs
from assessments.models import Assessment, Finding, PracticePack
from assessments.queries.packs import in_force, pack_in, pack_of
from assessments.services import assessments
from assessments.services.packs import EditConflict, adopt
from clinic.models import AuditEntry
from clinic.packs import PackError
from tests.api.conftest import api, by_token  # noqa: F401
from tests.assessments.conftest import hip_extension
from tests.people import make_client, make_member

SOURCE = {"source": "our own audit"}
HOURS = {"findings": {"prolonged_sitting": {"thresholds": {"hours": 6}, **SOURCE}}}
#: Every prone extension below 20 degrees is limited.
WIDE = {
    "findings": {
        "hip_extension_limited": {"bands": [{"from_age": 18, "limits": [{"grade": "mild", "below": 20}]}], **SOURCE}
    }
}
MISFIT = {"findings": {"elbow": {"text": "x"}}}


@pytest.fixture
def take(practice, owner):
    """`take(overrides)`: the owner adopts it."""

    def take(overrides, why="Our audit.", **more):
        return adopt(practice=practice, overrides=overrides, why=why, by=owner, **more)

    return take


@pytest.fixture
def misfit(practice, owner):
    """A version that an update of the shipped protocol broke."""
    return PracticePack.objects.create(
        practice=practice, number=1, base_version="2025.3", overrides=MISFIT, why="Long ago.", made_by=owner
    )


def entry(key, **said):
    return {"findings": {key: {**said, **({} if {"text", "client_text"} & set(said) else SOURCE)}}}


# --- versions ---------------------------------------------------------------------------------------------------------


def test_a_practice_without_versions_has_the_shipped_protocol(practice):
    now = in_force(practice.pk)
    assert (now.pack, now.row, now.number, now.overrides, now.lines) == (rules.PACK, None, 0, {}, ())
    assert pack_of(practice.pk) is rules.PACK


def test_versions_count_up_and_the_newest_is_in_force(practice, owner, take):
    first, second = take(HOURS), take(WIDE, why=" More. ")
    assert [(row.number, row.base_version, row.made_by) for row in (first, second)] == [
        (1, rules.PACK.version, owner), (2, rules.PACK.version, owner),
    ]  # fmt: skip
    now = in_force(practice.pk)
    assert (now.row, now.pack.version, second.why) == (second, f"{rules.PACK.version}+2", "More.")
    assert now.pack.rules["prolonged_sitting"] == rules.PACK.rules["prolonged_sitting"]
    assert AuditEntry.objects.filter(verb="protocol.adopted").count() == 2


def test_back_to_shipped_is_a_version_and_the_shipped_pack_itself(practice, take):
    take(HOURS)
    row = take({"findings": {}, "why": "x"})
    assert (row.number, row.overrides) == (2, {})
    assert pack_of(practice.pk) is rules.PACK


def test_what_is_in_force_already_makes_no_version(take):
    with pytest.raises(ValidationError, match="nothing would change"):
        take({})
    take(HOURS)
    with pytest.raises(ValidationError, match="nothing would change"):
        take({**HOURS, "_": "a remark changes nothing"})
    assert PracticePack.objects.count() == 1


def test_a_version_for_an_older_shipped_protocol_may_be_adopted_again(practice, owner, take):
    PracticePack.objects.create(
        practice=practice, number=1, base_version="2025.3", overrides=HOURS, why="Long ago.", made_by=owner
    )
    assert in_force(practice.pk).pack.version == f"{rules.PACK.version}+1"
    assert take(HOURS).base_version == rules.PACK.version


@pytest.mark.parametrize("who", ["therapist", "receptionist", "other_owner"])
def test_only_an_owner_of_the_practice_adopts(practice, other_practice, request, who):
    by = make_member(other_practice, "owner", "Otto") if who == "other_owner" else request.getfixturevalue(who)
    with pytest.raises(ValidationError, match="Only an owner"):
        adopt(practice=practice, overrides=HOURS, why="x", by=by)
    assert not PracticePack.objects.exists()


@pytest.mark.parametrize("why", ["", "  ", "x" * 301])
def test_a_version_says_why_in_a_line(take, why):
    with pytest.raises(ValidationError) as refused:
        take(HOURS, why=why)
    assert "why" in refused.value.message_dict
    assert not PracticePack.objects.exists()


def test_a_bad_pack_writes_nothing(take):
    with pytest.raises(PackError, match="no such finding"):
        take(MISFIT)
    assert not PracticePack.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_change_thought_up_over_an_older_version_is_refused(take):
    take(HOURS, after=0)
    with pytest.raises(EditConflict, match="version 1 was adopted in the meantime"):
        take(WIDE, after=0)
    assert take(WIDE, after=1).number == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE assessments_practicepack SET why = 'other'", "UPDATE assessments_practicepack SET overrides = '{}'",
     "DELETE FROM assessments_practicepack"],
)  # fmt: skip
def test_the_database_lets_nobody_change_or_delete_a_version(take, statement):
    take(HOURS)
    with (
        pytest.raises(DatabaseError, match=r"Cannot (update|delete)"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_two_owners_at_once_get_two_numbers(practice, owner):
    results, start = [], threading.Barrier(2)

    def work(overrides):
        start.wait()
        try:
            results.append(adopt(practice=practice, overrides=overrides, why="At once.", by=owner).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[overrides]) for overrides in (HOURS, WIDE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_rows_of_the_practice_are_added_while_a_version_is_adopted(practice, owner):
    refused = []

    def work():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
                make_client(practice)
        except DatabaseError as error:
            refused.append(error)
        finally:
            connection.close()

    with transaction.atomic():
        adopt(practice=practice, overrides=HOURS, why="At once.", by=owner)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert refused == []


@pytest.mark.django_db(transaction=True)
def test_of_two_who_saw_the_same_version_one_is_told(practice, owner):
    results, start = [], threading.Barrier(2)

    def work(overrides):
        start.wait()
        try:
            results.append(adopt(practice=practice, overrides=overrides, why="At once.", by=owner, after=0).number)
        except EditConflict:
            results.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[overrides]) for overrides in (HOURS, WIDE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=str) == [1, "told"]


# --- what findings are made with --------------------------------------------------------------------------------------


def test_findings_say_the_version_they_were_made_with(practice, take, record):
    before = record(hip_extension("left", 15))
    take(WIDE)
    after = record(hip_extension("left", 15))
    assert not before.findings.exists()
    finding = after.findings.get()
    assert (finding.code, finding.grade, finding.protocol_version) == ("hip_extension_limited", "mild", "2026.1+1")
    assert after.protocol_version == "2026.1+1"


def test_another_practice_keeps_the_shipped_protocol(take, other_client, other_therapist, record):
    take(WIDE)
    theirs = record(hip_extension("left", 15), client=other_client, by=other_therapist)
    assert (theirs.protocol_version, theirs.findings.count()) == ("2026.1", 0)


def test_the_pack_of_an_old_assessment_is_still_there(take, record, practice):
    shipped = record(hip_extension("left", 15))
    take(WIDE)
    first = record(hip_extension("left", 15))
    take(HOURS)
    assert pack_in(shipped) is rules.PACK
    assert pack_in(first).rules["hip_extension_limited"].bands[0].limits[0].threshold == 20
    assert pack_of(practice.pk).version == "2026.1+2"


@pytest.mark.parametrize("version", ["", "2025.3", "2025.3+1", "2026.1+9", "2026.1+x"])
def test_a_pack_that_is_gone_is_none(take, client_person, version):
    take(WIDE)
    assert pack_in(Assessment(practice=client_person.practice, protocol_version=version)) is None


def test_a_version_that_no_longer_fits_counts_for_nothing_and_says_so(practice, misfit, record):
    now = in_force(practice.pk)
    assert (now.pack, now.row, now.lines) == (rules.PACK, misfit, ("findings.elbow: no such finding",))
    assert record(hip_extension("left", 2)).protocol_version == "2026.1"


def test_a_misfit_is_mended_by_the_next_version(practice, misfit, take):
    take(HOURS)
    assert in_force(practice.pk).lines == ()
    assert not check_packs(databases=["default"])


def test_the_system_check_names_the_practice(misfit):
    (warning,) = check_packs(databases=["default"])
    assert (warning.id, "riverside" in warning.msg, "no such finding" in warning.msg) == (
        "assessments.W001",
        True,
        True,
    )
    assert check_packs() == []


def test_the_system_check_runs_before_the_first_migration(misfit):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE assessments_practicepack RENAME TO gone")
    with transaction.atomic():
        assert check_packs(databases=["default"]) == []
        transaction.set_rollback(True)


def test_the_command_check_reaches_it(misfit, capsys):
    call_command("check", databases=["default"])
    assert "assessments.W001" in capsys.readouterr().err


# --- the API ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def boss(by_token, owner):  # noqa: F811
    return by_token(owner.user)


def test_a_clinician_reads_what_is_in_force(api, take):  # noqa: F811
    shipped = api.get("/api/v1/protocol/in-force/").json()
    assert (shipped["version"], shipped["number"], shipped["since"], shipped["no_longer_fits"]) == (
        "2026.1",
        0,
        None,
        [],
    )
    assert len(shipped["rules"]) == len(rules.PACK.rules)
    assert not any(rule["changed"] for rule in shipped["rules"])
    take({**WIDE, "leg_length": {"block": 6}, "mdc": {"hip_flexion": {"same_examiner": 8, **SOURCE}}})
    own = api.get("/api/v1/protocol/in-force/").json()
    (rule,) = [rule for rule in own["rules"] if rule["changed"]]
    assert (rule["key"], rule["source"], rule["tag"]) == ("hip_extension_limited", "our own audit", "D")
    assert rule["bands"][0]["limits"] == [{"grade": "mild", "below": 20, "at_most": None, "sure_below": None}]
    assert [change["measure"] for change in own["mdc"] if change["changed"]] == ["hip_flexion"]
    assert (own["version"], own["shipped_version"], own["leg_length"]["block"]) == ("2026.1+1", "2026.1", 6)


def test_an_owner_adopts_and_everybody_clinical_reads_the_versions(api, boss):  # noqa: F811
    answer = boss.post("/api/v1/protocol/", {"overrides": HOURS, "why": "Our audit.", "after": 0}, format="json")
    assert (answer.status_code, answer.json()["number"], answer.json()["overrides"]) == (201, 1, HOURS)
    (row,) = api.get("/api/v1/protocol/").json()["results"]
    assert row == api.get(f"/api/v1/protocol/{row['id']}/").json() == answer.json()


def test_a_stale_change_over_the_api_is_409(boss, take):
    take(HOURS)
    answer = boss.post("/api/v1/protocol/", {"overrides": WIDE, "why": "x", "after": 0}, format="json")
    assert (answer.status_code, "in the meantime" in answer.json()["problems"][0]["message"]) == (409, True)


@pytest.mark.parametrize(
    ("body", "path", "message"),
    [
        ({"overrides": MISFIT, "why": "x"}, "overrides", "findings.elbow: no such finding"),
        ({"overrides": [], "why": "x"}, "overrides", "[] is not of type 'object'"),
        ({"overrides": "x", "why": "x"}, "overrides", "'x' is not of type 'object'"),
        ({"overrides": {"\ud800": 1}, "why": "x"}, "overrides", "has a key with a character that no text has"),
        ({"overrides": {"findings": {"\x00": 1}}, "why": "x"}, "overrides", "findings: has a key with a character"),
        ({"overrides": HOURS}, "why", "This field is required."),
        ({"overrides": HOURS, "why": " "}, "why", "This field may not be blank."),
        ({"overrides": HOURS, "why": "x" * 301}, "why", "Ensure this field has no more than 300 characters."),
        ({"overrides": {}, "why": "x"}, "", "This is in force already: nothing would change."),
        ({"why": "x"}, "overrides", "This field is required."),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_what_the_api_refuses_has_one_line(boss, body, path, message):
    answer = boss.post("/api/v1/protocol/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    (problem,) = answer.json()["problems"]
    assert (problem["path"], problem["message"].startswith(message)) == (path, True), problem
    assert not PracticePack.objects.exists()


def test_a_therapist_adopts_nothing_over_the_api(api):  # noqa: F811
    assert api.post("/api/v1/protocol/", {"overrides": HOURS, "why": "x"}, format="json").status_code == 403
    assert not PracticePack.objects.exists()


def test_another_practice_s_version_is_not_there(by_token, other_therapist, take):  # noqa: F811
    row, theirs = take(HOURS), by_token(other_therapist.user)
    assert theirs.get(f"/api/v1/protocol/{row.pk}/").status_code == 404
    assert theirs.get("/api/v1/protocol/").json()["count"] == 0
    assert theirs.get("/api/v1/protocol/in-force/").json()["number"] == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(api, take, count, django_assert_num_queries):  # noqa: F811
    for number in range(count):
        take(entry("prolonged_sitting", text=f"Sits long: {number}"))
    with django_assert_num_queries(4):
        assert api.get("/api/v1/protocol/").json()["count"] == count


def test_revising_a_draft_judges_with_the_version_of_today(take, record, therapist):
    draft = record(hip_extension("left", 15))
    take(WIDE)
    assessments.revise(assessment=draft, measurements=[hip_extension("left", 15)], revision=1, by=therapist)
    assert Finding.objects.get(assessment=draft).protocol_version == "2026.1+1"
