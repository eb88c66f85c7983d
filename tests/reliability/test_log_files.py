"""Logs and customers that are wrong: each is answered with row, column, rule and remedy."""

import pytest

from tongdian.reliability.interruption_log import OPEN
from tongdian.reliability.log_files import read_customers, read_log
from tongdian.reliability.refusals import ReliabilityError

BASE = read_customers("feeder,zone,customers\nF1,市区,100\nF2,core,30\nF2,rural,20\n")
GROUPS = read_customers("feeder,zone,customers,group\nF1,urban,40,T1\nF1,urban,60,T2\n")
HEADING = "interruption,feeder,start,end,customers,nature,cause,zone,customers_out\n"
GOOD = "A,F1,2021-03-01T08:00:00+08:00,2021-03-01T10:00:00+08:00,40,fault,unknown,,\n"


def line(**changed: str) -> str:
    """The good row, with some cells changed."""
    names = HEADING.strip().split(",")
    cells = dict(zip(names, GOOD.strip().split(","), strict=True)) | changed
    return ",".join(cells[name] for name in names) + "\n"


@pytest.mark.parametrize(
    ("lines", "code", "column", "row"),
    [
        (line(end="2021-03-01T07:00:00+08:00"), "end_before_start", "end", 2),
        (line(end="2021-03-01T08:00:00+08:00"), "end_before_start", "end", 2),
        (line(end="2021-03-01T09:30:00+09:00", customers="61") + line(),
         "overlap", "customers", None),
        (GOOD + line(interruption="B", start="2021-03-01T09:59:00+08:00",
                     end="2021-03-01T11:00:00+08:00", customers="61"), "overlap", "customers", 3),
        (line(customers="101"), "overlap", "customers", 2),
        (line(customers_out="39"), "more_restored_than_out", "customers_out", 2),
        (GOOD + line(customers="20", end="2021-03-01T11:00:00+08:00", customers_out="50"),
         "more_restored_than_out", "customers_out", 2),
        (line(customers_out="41"), "not_all_restored", "customers_out", 2),
        (line(customers_out="40") + line(customers="5", customers_out="45",
                                         end="2021-03-01T11:00:00+08:00"),
         "steps_differ", "customers_out", 2),
        (line(feeder="F9"), "unknown_feeder", "feeder", 2),
        (line(cause="gremlins"), "unknown_cause", "cause", 2),
        (line(cause="601"), "unknown_cause", "cause", 2),
        (line(nature="reclosing"), "unknown_nature", "nature", 2),
        (line(zone="moon"), "unknown_zone", "zone", 2),
        (line(zone="rural"), "which_zone", "zone", 2),
        (line(feeder="F2", customers="10"), "which_zone", "zone", 2),
        (line(start="2021-03-01T08:00:00"), "no_time_zone", "start", 2),
        (line(end="2021-03-01 10:00"), "no_time_zone", "end", 2),
        (line(start="2021-02-29T08:00:00+08:00"), "wrong_time", "start", 2),
        (line(start="yesterday"), "wrong_time", "start", 2),
        (line(start=""), "missing", "start", 2),
        (line(customers="0"), "wrong_number", "customers", 2),
        (line(customers="-3"), "wrong_number", "customers", 2),
        (line(customers="4.5"), "wrong_number", "customers", 2),
        (line(customers="４"), "wrong_number", "customers", 2),
        (GOOD + "\n" + GOOD, "repeated", "interruption", 4),
        (GOOD + line(nature="works", customers="5"), "steps_differ", "nature", 3),
        (GOOD + line(cause="test", customers="5"), "steps_differ", "cause", 3),
        (GOOD + "B,F1\n", "wrong_row", "file", 3),
        (GOOD + 'B,"F1\n', "wrong_row", "file", 3),
    ],
)  # fmt: skip
def test_a_wrong_log(lines: str, code: str, column: str, row: int | None) -> None:
    with pytest.raises(ReliabilityError) as refused:
        read_log(HEADING + lines, BASE)
    told = refused.value.to_dict()
    assert (told["code"], told["field"]) == (code, column)
    if row is not None:
        assert told["row"] == row
        assert f"第 {row} 行" in told["zh"]
    assert told["remedy_zh"]
    assert told["remedy_en"]


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("feeder,zone\nF1,urban\n", "missing_column", "customers"),
        ("feeder,zone,customers,colour\nF1,urban,1,red\n", "unknown_column", "colour"),
        ("feeder,zone,customers,customers\nF1,urban,1,1\n", "unknown_column", "customers"),
        ("feeder,zone,customers\n", "no_customers", "file"),
        ("feeder,zone,customers\nF1,urban,0\n", "wrong_number", "customers"),
        ("feeder,zone,customers\nF1,urban,3\nF1,urban,4\n", "repeated", "feeder"),
        ("feeder,zone,customers,group\nF1,urban,3,T\nF2,urban,4,T\n", "repeated", "group"),
        ("feeder,zone,customers\nF1,moon,3\n", "unknown_zone", "zone"),
        ("feeder,zone,customers,average_kw\nF1,urban,3,-1\n", "wrong_number", "average_kw"),
        ("feeder,zone,customers,capacity_kva\nF1,urban,3,inf\n", "wrong_number", "capacity_kva"),
        (b"\xff\xff\xff", "wrong_encoding", "file"),
        ("", "missing_column", "feeder"),
    ],
)
def test_wrong_customers(text: str | bytes, code: str, column: str) -> None:
    with pytest.raises(ReliabilityError) as refused:
        read_customers(text)
    assert (refused.value.code, refused.value.field) == (code, column)


def test_groups_have_to_be_named() -> None:
    heading = "interruption,feeder,group,start,end,customers,nature,cause\n"
    row = "A,F1,{},2021-03-01T08:00:00+08:00,2021-03-01T10:00:00+08:00,40,fault,unknown\n"
    assert read_log(heading + row.format("T1"), GROUPS).unit.tolist() == [0]
    for group, code in (("", "missing"), ("T9", "unknown_group")):
        with pytest.raises(ReliabilityError) as refused:
            read_log(heading + row.format(group), GROUPS)
        assert (refused.value.code, refused.value.field) == (code, "group")


def test_what_is_right_is_read() -> None:
    text = HEADING + (
        line(customers_out="100")
        + line(customers="60", end="", customers_out="100")
        + line(interruption="B", feeder="F2", zone="农村", customers="20", nature="计划检修停电",
               cause="检修试验", end="2021-03-01T08:00:00Z")
        + line(interruption="C", feeder="F2", zone="rural", customers="20", cause="51321",
               start="2021-03-01T16:00:00+08:00", end="2021-03-01T16:01:00+08:00")
    )  # fmt: skip
    for content in (text, text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("gb18030")):
        log = read_log(content, BASE)
        assert log.unit.tolist() == [0, 0, 2, 2]
        assert log.end[1] == OPEN
        assert log.start[3] == log.end[2], "interruptions of one group may touch"
        assert [log.causes[c] for c in log.cause] == ["unknown", "unknown", "test", "external"]
        assert [log.natures[n] for n in log.nature] == ["fault", "fault", "maintenance", "fault"]


def test_an_empty_log_is_a_log() -> None:
    assert read_log(HEADING, BASE).start.size == 0
