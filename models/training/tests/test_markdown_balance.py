import pytest

from oneflow_training.evaluation.markdown import is_balanced


@pytest.mark.parametrize(
    "text",
    [
        "Simmer for *ten* minutes (or **more**).",
        "- one\n- two\n\n1) three",
        "* a bullet\n* another with *stress*",
        "see [the soup](soup.md) and `a [ b`",
        "```\nunclosed ( here\n```\n",
        r"an escaped \* star and 2 * 3 stars",
        "***\n",
    ],
)
def test_markdown_that_closes_what_it_opens_is_balanced(text):
    assert is_balanced(text)


@pytest.mark.parametrize(
    "text",
    [
        "ten minutes)",
        "(or [more)",
        "some **strong words",
        "*one\n\ntwo*",
        "a ` tick",
        "```\ncode",
        "<!-- note",
        "[link](there",
    ],
)
def test_markdown_that_leaves_something_open_is_not(text):
    assert not is_balanced(text)
