"""NOTICE names every source and person, and only what was read."""

import gzip
import json

from oneflow_training.notice import notice, people, sources


def record(source, license="CC-BY-4.0", **more):
    return {"source": source, "license": license, **more}


def test_sources_are_counted_without_the_people_whom_they_name():
    records = [record("bank (Stories; illustrator A B)"), record("bank (Stories; illustrator C)"), record("icons@1.2", "MIT")]
    assert sources(records) == ["- bank (Stories): CC-BY-4.0; 2", "- icons@1.2: MIT; 1"]
    assert people([*records, record("bank (Stories)", attribution="Text: D")]) == ["- A B", "- C", "- Text: D"]


def test_share_alike_sources_are_named_only_where_they_were_read(toy_data, tmp_path):
    split = tmp_path / "train"
    split.mkdir()
    (tmp_path / "LICENSES.md").write_text((toy_data / "LICENSES.md").read_text())
    for name in ("captions.jsonl.gz", "docs.jsonl.gz"):
        with gzip.open(split / name, "wt") as lines:
            for one in (record("open", kind="icon"), record("shared", "CC-BY-SA-4.0", kind="icon")):
                lines.write(json.dumps(one) + "\n")
    assert "- shared: CC-BY-SA-4.0; 1" in notice(tmp_path, share_alike=True)
    assert "shared" not in notice(tmp_path, share_alike=False)
