"""Who is under whom in a year, in which class, by which names."""

from __future__ import annotations

from storage import roster, roster_tree
from storage.engine import Store, Tx


async def test_the_units_of_a_year_with_parents_classes_and_every_name(settled: Store) -> None:
    def story(tx: Tx) -> tuple[roster_tree.Tree, roster_tree.Tree]:
        tx.run("UPDATE unit SET parent_id = 2 WHERE id = 3")
        tx.run("UPDATE unit SET valid_to = '2026-06-30' WHERE id = 5")
        assert (roster.parent_of(tx, 3), roster.parent_of(tx, 2)) == (2, None)
        return roster_tree.tree(tx, 2026), roster_tree.tree(tx, 2027)

    now, later = await settled.run(story)
    assert now.parents == {3: 2}
    assert now.classes == {2: "县（市、区）", 3: "县（市、区）", 4: "重点部门", 5: "一般部门"}
    assert now.names[5] == "市文化和旅游局"
    assert {"云山县", "云山县人民政府"} <= now.words
    assert (set(later.names), later.classes) == ({1, 2, 3, 4}, {})
