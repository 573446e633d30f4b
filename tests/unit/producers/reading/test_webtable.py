"""HTML tables as systems export them under the name .xls: where cells stand, what they hold, what is not shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import ExchangeError
from producers.reading import markup
from producers.reading.content import read_grids
from producers.reading.grid import Grid
from producers.reading.markup import Tag, pieces
from producers.reading.webtable import read_page
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.dialects import archive
from tests.unit.producers.reading.files import TEKUN, codes, read, tekun

A, B = (id_of("522722", date(1950, 1, d), 900 + d) for d in (1, 2))


def page(body: str) -> Grid:
    return read_page([body])[0]


def rows(body: str) -> list[list[str]]:
    grid = page(body)
    return [grid.row(r) for r in range(grid.height)]


def test_spans_move_the_cells_behind_them() -> None:
    body = (
        "<table><tr><td rowspan=2>a<td colspan='2'>b</td><td>c</td></tr><tr><td>d<td>e</tr>"
        "<tr><td rowspan=99 colspan=2>f</table><p>x<table><tr><td>g</table>"
    )
    grid = page(body)
    assert rows(body) == [["a", "b", "", "c"], ["", "d", "e", ""], ["f", "", "", ""], ["x", "", "", ""], ["g", "", "", ""]]
    assert grid.extras.merged == ((0, 0, 1, 0), (0, 1, 0, 2), (2, 0, 2, 1))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("<td>\n   张三\n  </td>", "张三"),
        ("<td>&nbsp;</td>", ""),
        ("<td>a&nbsp;</td>", "a\xa0"),
        ("<td>甲<br>乙<BR/>丙</td>", "甲\n乙\n丙"),
        ("<td><div>甲</div><div>乙</div></td>", "甲\n乙"),
        ("<td>&lt;b&gt; &#20013;&#x56FD; &amp;c;</td>", "<b> 中国 &c;"),
        ("<td>1 < 2</td>", "1 < 2"),
        ("<td><font color='red'>甲</font><b>乙</b></td>", "甲乙"),
        ("<td>a<!-- b > --><script>c</script>d</td>", "ad"),
        ("<td x:str=\"'0012\">0012</td>", "0012"),
        ("<td x:str=\"'0012\"></td>", "0012"),
        ('<td title="a>b<c">甲</td>', "甲"),
        ("<td bgcolor=#fff nowrap>甲</td>", "甲"),
        ("<th>甲", "甲"),
    ],
)
def test_what_a_cell_holds(cell: str, expected: str) -> None:
    assert rows(f"<table><tr><td>x</td>{cell}</tr></table>")[0][1:] == ([expected] if expected else [])
    assert page(f"<table><tr><td>x</td>{cell}</tr></table>").columns[-1].kind is None


@pytest.mark.parametrize(
    ("cell", "text", "number"),
    [
        ('<td x:num="735.5">￥735.50</td>', "735.5", True),
        ("<td x:num>1,295.00</td>", "1295", True),
        ('<td sdval="735" sdnum="2052;">735</td>', "735", True),
        ('<td x:num="44986">2023-03-01</td>', "2023-03-01", False),
        (f'<td x:num="{A}">{A[:1]}.2272E+17</td>', repr(float(A.replace("X", "0"))) if "X" not in A else "", True),
        ("<td>735</td>", "735", False),
    ],
)
def test_numbers_and_what_is_shown_as_something_else(cell: str, text: str, number: bool) -> None:
    column = page(f"<table><tr>{cell}</tr></table>").columns[0]
    if text:
        assert (column.text.to_list(), column.kind is not None and column.kind.to_list() == [1]) == ([text], number)


def test_formulas_errors_and_what_is_not_shown() -> None:
    grid = page(
        "<style>.gone {mso-x:1; display : none}</style><table><col><col style='display:none;width:0'>"
        "<tr><td>a<td>b<td x:num='3' x:fmla='=1+2'>3<td x:err='#N/A'>#N/A</tr>"
        "<tr style='height:0;DISPLAY:none'><td>c</tr><tr class='x gone'><td>d</tr><tr hidden><td>e</tr></table>"
    )
    assert grid.extras.formulas == {(0, 2): "1+2"}
    assert grid.extras.errors == {(0, 3): "#N/A"}
    assert grid.extras.hidden_rows == {1, 2, 3}
    assert grid.extras.hidden_columns == {1}


def test_the_name_that_the_page_says() -> None:
    head = "<html><!--[if gte mso 9]><xml><x:ExcelWorkbook><x:Name>城关&amp;镇</x:Name></x:ExcelWorkbook></xml><![endif]-->"
    assert page(f"{head}<table><tr><td>a</table>").name == "城关&镇"
    assert page("<table><tr><td>a</table>").name == "Sheet1"


def test_a_table_for_the_layout_holds_the_list(tmp_path: Path) -> None:
    listed = "".join(f"<tr>{''.join(f'<td>{v}</td>' for v in row)}</tr>" for row in (TEKUN, tekun(A), tekun(B)))
    path = tmp_path / "导出.xls"
    path.write_text(f"<table><tr><td>特困人员<table>{listed}</table></td></tr></table>", "utf-8")
    reading = read(path)
    assert (reading.verdict, reading.accepted, codes(reading)) == ("CLEAN", 2, [])
    assert reading.tables[0].accepted["_row"].to_list() == [3, 4]


def test_an_archive_names_its_sheets(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.xls", {"说明": [["填表说明"]], "名册": [TEKUN, tekun(A)]})
    assert [g.name for g in read_grids(path)] == ["说明", "名册"]
    assert read(path).accepted == 1


@pytest.mark.parametrize("body", ["<html><body>请登录</body></html>", "<html><frameset><frame src=a.htm></frameset></html>"])
def test_a_page_without_a_table(body: str, tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(body)
    with pytest.raises(ExchangeError, match="E-FILE-TYPE"):
        read_grids(tmp_path / "a.xls")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<table><tr>" * 200, "E-FILE-CORRUPT"),
        ("<table><tr>" + "<td colspan=16000>a" * 3, "E-FILE-SIZE"),
        ("<table>" + "<tr>" * 1000 + "<td colspan=16000>a<td>b" + "<tr><td>a" * 2000, "E-FILE-SIZE"),
    ],
)
def test_bounds(body: str, code: str) -> None:
    with pytest.raises(ExchangeError, match=code):
        page(body)


def test_a_comment_without_end_is_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "_LONGEST", 1000)
    with pytest.raises(ExchangeError, match="E-FILE-CORRUPT"):
        list(pieces(["<!--", *["x" * 100] * 20]))


Bit = st.sampled_from(
    ["<table>", "</table>", "<tr>", "</tr>", "<td>", "<td rowspan=2>", "<td colspan=3>", "</td>", "<", ">", "&", "&nbsp;", "甲", " ", "\n",
     "<!--", "-->", '"', "'", "=", "<br>", "<p>", "<style>", "</style>", "<td x:num=", "1", "<td hidden>", "<tr style='display:none'>"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(Bit, max_size=40).map("".join), st.integers(1, 9))
def test_no_markup_breaks_the_reader_wherever_blocks_end(text: str, size: int) -> None:
    def read_in(blocks: list[str]) -> object:
        try:
            grid = read_page(blocks)[0]
        except ExchangeError as refusal:
            return refusal.code
        assert all(len(c) == grid.height for c in grid.columns)
        return [c.text.to_list() for c in grid.columns], grid.extras

    assert read_in([text]) == read_in([text[i : i + size] for i in range(0, len(text), size)])


def test_tags() -> None:
    found = list(pieces(["<TD Class=a x:Str nowrap title='b\"c' data-x=\"d'e\">甲</td ><br/>"]))
    assert [p.name if isinstance(p, Tag) else p for p in found] == ["td", "甲", "td", "br"]
    assert isinstance(found[0], Tag)
    assert found[0].attributes() == {"class": "a", "x:str": "", "nowrap": "", "title": 'b"c', "data-x": "d'e"}
