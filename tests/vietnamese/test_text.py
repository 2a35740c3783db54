"""Text as clerks write it: one label in every spelling, apart from its neighbours, and from before Unicode."""

from __future__ import annotations

import unicodedata
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cchc_excel.form import Form
from cchc_excel.vietnamese.old_encodings import Encoding, decode, encoding_of_font, vote
from cchc_excel.vietnamese.text import clean, fold, similarity, strip_accents

TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")
vietnamese = st.text("abcdeghiklmnopqrstuvxyăâđêôơưàáảãạòóỏõọùúủũụýỳỷỹỵắếổữị ÁẢĐỆ.,()-%", max_size=60)


# --- fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hoà", "hòa"),
        ("luỹ kế", "lũy kế"),
        ("Thuỷ lợi", "Thủy lợi"),
        ("khoẻ", "khỏe"),
        ("UỶ BAN", "Ủy ban"),
        ("toàn trình", "tòan trình"),
        ("quý I", "qúy I"),
        ("giá", "gía"),
        ("Tỷ lệ", "Tỉ lệ"),
        ("Kỹ thuật", "Kĩ thuật"),
        ("quy định", "qui định"),
        ("Đảng", "Ðảng"),
        ("đúng", "ðúng"),
        ("Số lượng", "Số\u00a0lượng"),
        ("Số lượng", "Số\u2009\u200b lư\u00adợng"),
        ("Hồ sơ 12", "Ｈồ sơ １２"),
        ("kế hoạch", "kê\u0301 hoạch"),
        ("Số hồ sơ (trực tiếp)", "Số hồ sơ: trực\ntiếp."),
        ("CÁN BỘ", "cán bộ"),
        ("cán bộ", "cán bộ".replace("c", "с").replace("o", "о")),
    ],
)
def test_two_spellings_of_one_text_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("word", ["quý", "giá", "của", "chúa", "mùa", "thuở", "huệ", "tỉnh", "gìn", "hoàn", "tuần"])
def test_a_tone_that_stands_right_stays(word: str) -> None:
    assert fold(word) == word


@pytest.mark.parametrize(("one", "other"), [("tỉnh", "tình"), ("đúng", "dung"), ("hoá", "hoả"), ("1.1", "11")])
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(
    st.sampled_from(["h", "kh", "th", "l", "ng", "x", ""]),
    st.sampled_from(["oa", "oe", "uy"]),
    st.sampled_from(TONES[1:]),
    st.sampled_from(["", " và", ")", " 1"]),
)
def test_where_the_tone_of_an_open_syllable_stands_does_not_matter(onset: str, pair: str, tone: str, rest: str) -> None:
    assert fold(f"{onset}{pair[0]}{tone}{pair[1]}{rest}") == fold(f"{onset}{pair}{tone}{rest}")


@given(vietnamese)
def test_composed_and_decomposed_letters_fold_to_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(st.one_of(vietnamese, st.text()))
@example("\u1100\u0301\u1161")  # two Korean letters that compose once the mark between them is gone
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_no_two_labels_of_the_form_become_one_by_folding(form: Form) -> None:
    labels = {row.label for row in form.indicators}
    assert len({fold(label) for label in labels}) == len(labels)


# --- clean, strip_accents


def test_cleaning_collapses_spaces_and_drops_only_what_nobody_sees() -> None:
    assert clean("  Số\u00a0 hồ\r\nsơ\u200b (x)\x07 ") == "Số hồ sơ (x)"
    assert clean("kê\u0301 – Ðúng: １２ %") == "kế – Ðúng: １２ %"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_bare_letters_keep_their_case() -> None:
    assert strip_accents("UBND xã Bằng Lãng, Ðông Đồng, Chợ Đồn") == "UBND xa Bang Lang, Dong Dong, Cho Don"


# --- similarity


def test_a_remark_in_brackets_added_or_removed_hardly_counts() -> None:
    label = "Tỷ lệ hoàn thành Kế hoạch CCHC năm"
    assert similarity(label, label + " (lũy kể đến thời điểm báo cáo)") > 0.9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Số nhiệm vụ đã hoàn thành", "Số nhiêm vụ đã hoàn thanh"),
        ("Số nhiệm vụ đã hoàn thành", "Số nhiệm vụ đa hoàn thành"),
        ("Số nhiệm vụ đã hoàn thành", "So nhiem vu da hoan thanh"),
        ("Số hồ sơ TTHC đã giải quyết xong", "Số hồ sơ thủ tục hành chính đã giải quyết xong"),
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh"),
        ("công khai trên Cổng DVC của tỉnh, quốc gia", "công khai trên Cổng DVC quốc gia, của tỉnh"),
        ("Kết quả giải quyết TTHC", "Kếtquả giải quyết TTHC"),
    ],
)
def test_slips_abbreviations_and_another_order_leave_a_label_itself(one: str, other: str) -> None:
    assert similarity(one, other) > 0.9
    assert similarity(other, one) > 0.9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND tỉnh", "UBND huyện"),
        ("mức độ công một phần", "mức độ công toàn trình"),
        ("Số hồ sơ TTHC giải quyết đúng hạn", "Số hồ sơ TTHC giải quyết quá hạn"),
        ("Số nhiệm vụ đã hoàn thành đúng hạn", "Số nhiệm vụ đã hoàn thành nhưng quá hạn"),
    ],
)
def test_a_word_replaced_by_another_makes_another_label(one: str, other: str) -> None:
    assert similarity(one, other) < 0.75


def test_another_year_makes_another_label() -> None:
    assert similarity("Tỷ lệ đã tinh giản so với năm 2015", "Tỷ lệ đã tinh giản so với năm 2021") < 0.85
    assert similarity("Kế hoạch CCHC năm", "Kế hoạch CCHC năm 2023") > 0.85


def test_labels_of_the_form_are_further_from_each_other_than_a_changed_label_from_itself(form: Form) -> None:
    labels = {row.label for row in form.indicators}
    assert max(similarity(one, other) for one, other in combinations(labels, 2)) < 0.9


@given(vietnamese, vietnamese)
def test_similarity_lies_between_0_and_1_and_is_1_for_a_text_itself(one: str, other: str) -> None:
    assert 0 <= similarity(one, other) <= 1
    assert similarity(one, one.upper()) == 1


# --- from before Unicode

VOWELS = "aăâeêioôơuưy"
# One row a vowel: no tone, sắc, huyền, hỏi, ngã, nặng; then the same as capitals. The codes as glibc's iconv has them.
TCVN_CODES = """
    61 b8 b5 b6 b7 b9  41 83 80 81 82 84
    a8 be bb bc bd c6  a1 c0 af ba bf 85
    a9 ca c7 c8 c9 cb  a2 c4 c1 c2 c3 86
    65 d0 cc ce cf d1  45 8a 87 88 89 8b
    aa d5 d2 d3 d4 d6  a3 da c5 cd d9 8c
    69 dd d7 d8 dc de  49 90 8d 8e 8f 91
    6f e3 df e1 e2 e4  4f 95 92 93 94 96
    ab e8 e5 e6 e7 e9  a4 ff db e0 f0 97
    ac ed ea eb ec ee  a5 9b 98 99 9a 9c
    75 f3 ef f1 f2 f4  55 01 9d 9e 9f 02
    ad f8 f5 f6 f7 f9  a6 11 04 05 06 12
    79 fd fa fb fc fe  59 16 13 14 15 17
"""
VNI_PAIRS = """
    a aù aø aû aõ aï
    aê aé aè aú aü aë
    aâ aá aà aå aã aä
    e eù eø eû eõ eï
    eâ eá eà eå eã eä
    i í ì æ ó ò
    o où oø oû oõ oï
    oâ oá oà oå oã oä
    ô ôù ôø ôû ôõ ôï
    u uù uø uû uõ uï
    ö öù öø öû öõ öï
    y yù yø yû yõ î
"""
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES]
TCVN_ROWS = [[chr(int(code, 16)) for code in row.split()] for row in TCVN_CODES.strip().splitlines()]
TABLES = {
    Encoding.TCVN3: dict(zip(LETTERS, (code for row in TCVN_ROWS for code in row[:6]), strict=True))
    | dict(zip(map(str.upper, LETTERS), (code for row in TCVN_ROWS for code in row[6:]), strict=True))
    | {"đ": "\xae", "Đ": "\xa7"},
    Encoding.VNI: dict(zip(LETTERS, VNI_PAIRS.split(), strict=True))
    | dict(zip(map(str.upper, LETTERS), VNI_PAIRS.upper().split(), strict=True))
    | {"đ": "ñ", "Đ": "Ñ"},
}


def encoded(text: str, encoding: Encoding) -> str:
    return "".join(TABLES[encoding].get(letter, letter) for letter in text)


@pytest.mark.parametrize("encoding", Encoding)
def test_every_vietnamese_letter_comes_back(encoding: Encoding) -> None:
    assert len([letter for letter in TABLES[encoding] if not letter.isascii()]) == 134
    assert {letter: decode(code, encoding) for letter, code in TABLES[encoding].items()} == {
        letter: letter for letter in TABLES[encoding]
    }


@pytest.mark.parametrize("encoding", Encoding)
def test_every_label_of_the_form_comes_back(form: Form, encoding: Encoding) -> None:
    labels = [row.label for row in form.indicators]
    assert [decode(encoded(label, encoding), encoding) for label in labels] == labels


def test_texts_as_found_in_old_workbooks() -> None:
    assert decode("Sè nhiÖm vô ®Ò ra trong kÕ ho¹ch", Encoding.TCVN3) == "Số nhiệm vụ đề ra trong kế hoạch"
    assert decode("Soá löôïng", Encoding.VNI) == "Số lượng"
    assert decode("Coäng hoøa xaõ hoäi", Encoding.VNI) == "Cộng hòa xã hội"
    assert decode("céng hßa x\xb7 héi chñ ngh\xdca", Encoding.TCVN3).upper() == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA"  # .VnTimeH


def test_quotes_and_dashes_of_windows_are_no_letters_of_tcvn3() -> None:
    assert decode("“kÕ ho¹ch” – … ‘x’", Encoding.TCVN3) == "“kế hoạch” – … ‘x’"


@pytest.mark.parametrize("encoding", Encoding)
@pytest.mark.parametrize("text", ["Số nhiệm vụ", "đã", "hô\u0300 sơ", "Nga\u0303 ba", "104", ""])
def test_a_text_in_unicode_is_left_alone(text: str, encoding: Encoding) -> None:
    assert decode(text, encoding) == text


def test_a_known_word_is_left_alone_though_its_letters_are_in_the_old_set() -> None:
    assert decode("Không", Encoding.TCVN3) == "Khụng"
    assert decode("Không", Encoding.TCVN3, known={"không"}) == "Không"


def test_the_font_tells_the_character_set() -> None:
    fonts = [".VnTime", ".vnTimeH", "VNI-Times", "Times New Roman", "VNtimes new roman", ""]
    assert [encoding_of_font(font) for font in fonts] == [Encoding.TCVN3, Encoding.TCVN3, Encoding.VNI, *[None] * 3]


@pytest.mark.parametrize("encoding", Encoding)
def test_a_vote_over_the_labels_finds_the_character_set_of_half_converted_sheets_too(
    form: Form, encoding: Encoding
) -> None:
    labels = [row.label for row in form.indicators]
    known = {fold(label) for label in labels}
    old = [encoded(label, encoding) for label in labels]
    assert vote(old, known) is encoding
    assert vote([*labels[:70], *old[70:]], known) is encoding


def test_a_sheet_in_unicode_and_a_sheet_of_something_else_have_no_old_character_set(form: Form) -> None:
    labels = [row.label for row in form.indicators]
    known = {fold(label) for label in labels}
    assert vote(labels, known) is None
    assert vote(["Doanh thu", "Số lượng hàng", "§¬n gi¸"], known) is None
    assert vote([], known) is None


def test_a_word_that_stands_twice_and_is_replaced_once_makes_another_label() -> None:
    label = "Số TTHC đang cung cấp trực tuyến mức độ toàn trình có phát sinh hồ sơ nộp trực tuyến"
    assert similarity(label, label.replace("trực tuyến", "trực tiếp", 1)) < 0.85
