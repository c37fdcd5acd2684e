"""Tags on an item: taken from the title and the ends of the text, never from within a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.tags import NO_TAGS, Tags, take_tags


@pytest.mark.parametrize(
    ("written", "title", "tags"),
    [
        ("#约18 云山县春耕备耕进展顺利", "云山县春耕备耕进展顺利", Tags(("18",))),
        ("云山县春耕备耕进展顺利 #约2026-018", "云山县春耕备耕进展顺利", Tags(("2026-018",))),
        ("云山县春耕备耕进展顺利＃约稿１８", "云山县春耕备耕进展顺利", Tags(("18",))),
        ("#约 2026—018 春耕", "春耕", Tags(("2026-018",))),
        ("#约18号：春耕", "春耕", Tags(("18",))),
        ("#要点3 春耕", "春耕", Tags((), (3,))),
        ("#要点3#春耕", "春耕", Tags((), (3,))),
        ("#要点3#约18春耕", "春耕", Tags(("18",), (3,))),
        ("春耕#要点3 #要点5", "春耕", Tags((), (3, 5))),
        ("春耕 #报送要点 3、5", "春耕", Tags((), (3, 5))),
        ("春耕 #要点3 #要点3", "春耕", Tags((), (3,))),
        ("#要点3", "", Tags((), (3,))),
    ],
)
def test_a_tag_is_read_and_leaves_the_title_clean(written: str, title: str, tags: Tags) -> None:
    assert take_tags(written, "正文。") == (title, "正文。", tags)


@pytest.mark.parametrize(
    "title",
    [
        "约18家企业复工",
        "要点3项任务全部完成",
        "#约18日前完成",
        "#约2026018",
        "#要点",
        "#要点123",
        "C#约定",
        "3月#4号楼",
    ],
)
def test_what_only_looks_like_a_tag_stays(title: str) -> None:
    assert take_tags(title, "") == (title, "", NO_TAGS)


@pytest.mark.parametrize(
    ("body", "rest", "tags"),
    [
        ("#要点3\n截至3月10日，……", "截至3月10日，……", Tags((), (3,))),
        ("#约18 截至3月10日，……", "截至3月10日，……", Tags(("18",))),
        ("截至3月10日，……\n#约18 #要点2", "截至3月10日，……", Tags(("18",), (2,))),
        ("截至3月10日，……。 #约18", "截至3月10日，……。", Tags(("18",))),
        ("　　全县依托#约18平台推进。", "　　全县依托#约18平台推进。", NO_TAGS),
        ("一\n二\n三\n#约18\n四\n五\n六", "一\n二\n三\n#约18\n四\n五\n六", NO_TAGS),
    ],
)
def test_tags_are_taken_at_the_ends_of_the_text_only(body: str, rest: str, tags: Tags) -> None:
    assert take_tags("春耕", body) == ("春耕", rest, tags)


def test_points_of_a_field_join_those_of_the_title() -> None:
    assert Tags(("18",), (3,)).and_points("3、5") == Tags(("18",), (3, 5))


@given(st.text(max_size=60), st.text(max_size=200))
def test_taking_tags_never_loses_a_word_and_finds_nothing_in_clean_text(title: str, body: str) -> None:
    clean = (title.replace("#", "").replace("＃", ""), body.replace("#", "").replace("＃", ""))
    assert take_tags(*clean) == (*clean, NO_TAGS)
    tagged = take_tags(f"{clean[0]} #要点3", clean[1])
    assert tagged[1:] == (clean[1], Tags((), (3,)))
