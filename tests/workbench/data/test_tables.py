"""Tables: found as they are, whatever their header, delimiter and encoding; what is odd is named."""

from __future__ import annotations

import numpy as np
import pytest

from tests.workbench.data.conftest import Table, messages, numbered_rows
from workbench.core.errors import DataError
from workbench.data.spec import NumericColumn, TablePreparation


def test_that_a_plain_table_is_understood(table: Table) -> None:
    dataset = table(numbered_rows())
    info = dataset.info
    assert (info.kind, info.task, info.target) == ("table", "classification", "kind")
    assert info.classes == ("x", "y", "z")
    assert info.input_shape == (2,)
    assert [(column.name, column.kind) for column in info.columns] == [
        ("a", "numeric"),
        ("b", "numeric"),
        ("kind", "target"),
    ]
    assert info.problems == ()
    assert dataset.raw(1) == {"a": 7.5, "b": 1.25}
    assert dataset.label(1) == "y"
    assert dataset.sample_name(1) == "line 3"
    frame = dataset.table()
    assert frame is not None
    assert frame.columns == ["a", "b", "kind"]


def test_that_scaling_is_fitted_on_the_training_part_only(table: Table) -> None:
    dataset = table(numbered_rows(60))
    train = dataset.part("train").x
    assert train.dtype == np.float32
    assert np.allclose(train.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(train.std(axis=0), 1, atol=1e-6)
    assert isinstance(dataset.preparation.input, TablePreparation)
    first = dataset.preparation.input.columns[0]
    assert isinstance(first, NumericColumn)
    values = [dataset.raw(int(index))["a"] for index in dataset.part("train").index]
    assert first.mean == pytest.approx(np.mean(values))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_that_the_delimiter_is_found(table: Table, delimiter: str) -> None:
    assert table(numbered_rows().replace(",", delimiter)).info.input_shape == (2,)


def test_that_blanks_may_part_the_columns(table: Table) -> None:
    assert table(numbered_rows().replace(",", "   ")).info.classes == ("x", "y", "z")


def test_that_a_decimal_comma_is_understood(table: Table) -> None:
    rows = "\n".join(f"{number},{number % 7};{number % 3},5;{'ab'[number % 2]}" for number in range(20))
    dataset = table("length;width;kind\n" + rows)
    assert dataset.raw(3) == {"length": 3.3, "width": 0.5}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16", "utf-16-le", "utf-32"])
def test_that_the_encoding_is_found(table: Table, encoding: str) -> None:
    text = numbered_rows().replace("kind", "größe").replace("x\n", "süß\n")
    dataset = table(text.encode(encoding))
    assert dataset.info.target == "größe"
    assert "süß" in dataset.info.classes
    assert ("Western European" in messages(dataset)) == (encoding == "latin-1")


def test_that_a_wrong_encoding_is_told(table: Table) -> None:
    with pytest.raises(DataError, match="must be a text in ascii"):
        table("a,b\n1,ä\n".encode(), encoding="ascii")
    with pytest.raises(DataError, match="one that Python knows"):
        table("a,b\n1,2\n", encoding="klingon")


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_that_any_line_ending_will_do(table: Table, ending: str) -> None:
    assert table(numbered_rows().replace("\n", ending)).info.samples == 30


def test_that_a_table_without_header_numbers_its_columns(table: Table) -> None:
    dataset = table(numbered_rows(header=""), target=2)
    assert [column.name for column in dataset.info.columns] == ["column 0", "column 1", "column 2"]
    assert dataset.info.samples == 30
    assert table(numbered_rows(header=""), target="2").info == dataset.info


def test_that_a_header_may_be_forced_or_forbidden(table: Table) -> None:
    texts = "\n".join(["colour,size,sure", *["green,small,no", "blue,big,yes"] * 10])
    assert table(texts).info.samples == 20
    assert table(texts, header=False).info.samples == 21
    numbers = numbered_rows(header="")
    assert table(numbers, header=True).info.samples == 29


@pytest.mark.parametrize("name", ["target", "Label", "CLASS", "y"])
def test_that_a_telling_name_suggests_the_target(table: Table, name: str) -> None:
    rows = "\n".join(f"{'uv'[number % 2]},{number * 3 % 7},{number % 5}" for number in range(20))
    assert table(f"{name},b,c\n{rows}").info.target == name


def test_that_a_ragged_row_is_named(table: Table) -> None:
    lines = numbered_rows().splitlines()
    lines[4] += ",extra"
    lines[9] = "1.5"
    dataset = table("\n".join(lines))
    assert dataset.info.samples == 28
    assert "2 rows left out: not 3 columns" in messages(dataset)
    assert "line 5: 4 columns" in messages(dataset)
    assert "line 10: 1 column" in messages(dataset)
    assert dataset.sample_name(3) == "line 6"


def test_that_quoted_cells_may_hold_delimiters_and_lines(table: Table) -> None:
    colours = ("two\nlines", "red, dark")
    rows = "\n".join(f'{number % 6},"{colours[number % 2]}",{"ab"[number % 2]}' for number in range(20))
    dataset = table(f"a,colour,kind\n{rows}\n1,2")
    assert dataset.raw(1) == {"a": 1.0, "colour": "red, dark"}
    assert dataset.raw(0)["colour"] == "two\nlines"
    assert dataset.sample_name(1) == "line 4"
    assert "line 32: 2 columns" in messages(dataset)


def test_that_remarks_above_the_header_are_skipped(table: Table) -> None:
    assert table("# made by hand\n" + numbered_rows()).info.samples == 30


@pytest.mark.parametrize("word", ["", "?", "NA", "nan", "NULL", "N/A", "-"])
def test_that_missing_values_are_filled_from_the_training_part(table: Table, word: str) -> None:
    lines = numbered_rows().splitlines()
    for place in (2, 3, 7, 12):
        lines[place] = word + "," + lines[place].split(",", 1)[1]
    dataset = table("\n".join(lines))
    assert dataset.info.samples == 30
    assert dataset.info.columns[0].missing == 4
    assert "4 values missing in 1 column" in messages(dataset)
    assert dataset.raw(1)["a"] is None
    assert isinstance(dataset.preparation.input, TablePreparation)
    first = dataset.preparation.input.columns[0]
    assert isinstance(first, NumericColumn)
    assert first.missing_flag
    assert dataset.info.input_shape == (3,)
    for name in ("train", "validation", "test"):
        assert np.isfinite(dataset.part(name).x).all()


def test_that_rows_without_an_answer_are_left_out_and_named(table: Table) -> None:
    lines = numbered_rows().splitlines()
    lines[5] = "1.5,2.5,?"
    dataset = table("\n".join(lines))
    assert dataset.info.samples == 29
    assert "1 row left out: no answer in 'kind'. line 6" in messages(dataset)
    assert dataset.sample_name(4) == "line 7"
    assert dataset.info.classes == ("x", "y", "z")


def test_that_a_few_texts_among_numbers_are_missing_and_many_make_categories(table: Table) -> None:
    lines = [f"{number}.5,{number % 3},{'ab'[number % 2]}" for number in range(100)]
    lines[40] = "about 7,1,a"
    few = table("\n".join(["size,b,kind", *lines]))
    assert few.info.columns[0].kind == "numeric"
    assert "'size' holds 1 text among its numbers: taken as missing. line 42: 'about 7'" in messages(few)
    mixed = [f"{number % 4 if number % 3 else 'none of them'},{number % 3},{'ab'[number % 2]}" for number in range(60)]
    many = table("\n".join(["size,b,kind", *mixed]))
    assert many.info.columns[0].kind == "categorical"
    assert "mixes numbers and texts" in messages(many)


def test_that_infinite_numbers_are_missing_and_told(table: Table) -> None:
    lines = numbered_rows().splitlines()
    lines[3] = "inf,1.25,x"
    dataset = table("\n".join(lines))
    assert "1 infinite number" in messages(dataset)
    assert np.isfinite(dataset.part("train").x).all()


def test_that_useless_columns_are_left_out_unless_asked_for(table: Table) -> None:
    rows = "\n".join(f"{number},same,note {number},,{number * 7 % 41},{'ab'[number % 2]}" for number in range(40))
    text = f"id,constant,note,empty,value,kind\n{rows}"
    dataset = table(text)
    assert [column.name for column in dataset.info.columns if column.kind == "ignored"] == [
        "id",
        "constant",
        "note",
        "empty",
    ]
    assert dataset.info.input_shape == (1,)
    for reason in ("row numbers", "the same in every row", "another text in almost every row", "empty"):
        assert reason in messages(dataset)
    assert table(text, used=("id",)).info.input_shape == (2,)
    assert table(text, used=("empty", "note", "constant")).info.input_shape[0] > 20
    assert table(text, ignored=("id", "constant", "note", "empty")).info.problems == ()


def test_that_a_numeric_column_can_be_taken_as_categories(table: Table) -> None:
    dataset = table(numbered_rows(), categorical=("b",))
    assert dataset.info.input_shape == (1 + 5,)
    assert dataset.raw(0)["b"] == "0.25"


def test_that_a_chosen_column_that_is_not_there_is_told(table: Table) -> None:
    with pytest.raises(DataError, match="Columns: 'a', 'b', 'kind'"):
        table(numbered_rows(), ignored=("colour",))
    with pytest.raises(DataError, match="The columns are: a, b, kind"):
        table(numbered_rows(), target="colour")
    with pytest.raises(DataError, match="0 to 2"):
        table(numbered_rows(), target=3)


def test_that_doubled_names_get_a_number(table: Table) -> None:
    dataset = table(numbered_rows(header="a,a,kind"))
    assert [column.name for column in dataset.info.columns] == ["a", "a (2)", "kind"]
    assert "renamed" in messages(dataset)


def test_that_a_missing_name_is_made_up(table: Table) -> None:
    assert [column.name for column in table(numbered_rows(header="a,,kind")).info.columns] == ["a", "column 1", "kind"]


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("", "is empty"),
        ("\n \n", "is empty"),
        ("a,b,c\n", "only a header"),
        ("one\ntwo\nthree\n", "one column"),
        ("a,b\n,\n,\n", "only empty cells"),
        ("a,b\n1,x\n2,y\n", "2 usable"),
        ("date,temp\n" + "\n".join(f"day {number},{number % 7}.5" for number in range(50)), "another text"),
        (b"PK\x03\x04\x00\x00\x00", "zero bytes"),
        (b"\xff\xfe", "is empty"),
        ("a,b\n" + "\n".join(f"{number},?" for number in range(9)), "one column left|only missing|no usable|'b'"),
    ],
)
def test_that_a_table_that_cannot_be_used_says_why(table: Table, text: str | bytes, received: str) -> None:
    with pytest.raises(DataError) as caught:
        table(text, target="b" if received.endswith("'b'") else None)
    assert any(part in str(caught.value) for part in received.split("|"))
    assert caught.value.hint


def test_that_a_missing_file_is_told(table: Table) -> None:
    dataset = table(numbered_rows())
    from workbench.data.dataset import open_dataset

    with pytest.raises(DataError, match="Pick them again"):
        open_dataset(dataset.spec.model_copy(update={"location": dataset.spec.location + ".gone"}))


def test_that_quotes_that_do_not_close_still_end(table: Table) -> None:
    dataset_or_error = numbered_rows() + '1.5,"open,x\n' + numbered_rows(header="")
    try:
        assert table(dataset_or_error).info.samples >= 30
    except DataError as error:
        assert error.hint
