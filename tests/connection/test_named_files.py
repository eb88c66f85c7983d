"""An event names no file that is not there, and says of it what it is."""

import pytest

from support.cases import WHO, application
from support.situations import DIGEST, data_for, situation, upload
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.casework.models import Case, Event, Evidence
from tongdian.service.connection.actions import act, submit_application

pytestmark = pytest.mark.django_db
APPLICANT = WHO["applicant"]


def test_an_answer_that_names_a_file_brings_it_along() -> None:
    number = situation("deficiency_answered")
    data = {"answers": [{"field": "licence", "answer": "见附件", "digest": DIGEST}]}
    before = Event.objects.count()
    with pytest.raises(InvalidInput) as refused:
        act(number, "deficiency_answered", data, actor=APPLICANT)
    assert refused.value.errors[0].field == "answers.0.digest"
    assert (Event.objects.count(), Case.objects.get(number=number).stage) == (before, "deficiency")
    upload("somebody-else")
    with pytest.raises(InvalidInput):
        act(number, "deficiency_answered", data, actor=APPLICANT)
    upload(APPLICANT.pseudonym)
    act(number, "deficiency_answered", data, actor=APPLICANT)
    assert Evidence.objects.get(case__number=number).digest == DIGEST


@pytest.mark.parametrize("lie", [{"media_type": "application/pdf"}, {"size_bytes": 10}])
def test_type_and_size_are_those_of_the_file(lie: dict[str, str | int]) -> None:
    number = situation("evidence_added")
    upload(APPLICANT.pseudonym)
    data = data_for("evidence_added", Case.objects.get(number=number).folded)
    with pytest.raises(InvalidInput):
        act(number, "evidence_added", data | lie, actor=APPLICANT)
    act(number, "evidence_added", data, actor=APPLICANT)


@pytest.mark.django_db(transaction=True)
def test_an_application_names_no_paper_that_nobody_sent() -> None:
    paper = {"kind": "identity", "source": "upload", "digest": DIGEST}
    wish = application("resident", documents=[paper])
    with pytest.raises(InvalidInput) as refused:
        submit_application(wish, actor=APPLICANT)
    assert refused.value.errors[0].field == "documents.0.digest"
    assert not Case.objects.exists()
    upload("somebody-else")
    with pytest.raises(InvalidInput):
        submit_application(wish, actor=APPLICANT)
    upload(APPLICANT.pseudonym)
    case = submit_application(wish, actor=APPLICANT).performed.case
    assert Evidence.objects.get(case=case).digest == DIGEST
