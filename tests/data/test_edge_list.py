"""Edge lists: ids of any kind, exports of other programs, and every fault with its line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest

from sim.data.describe import describe
from sim.data.edge_list import read_edges
from sim.data.table_settings import TableSettings
from sim.engine.network import edges_of, network_from_edges
from sim.scenario import load_text
from sim.vocabulary.errors import ScenarioError

CASES = Path(__file__).parent / "cases"


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "ties.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_numbers_of_people_are_read_as_they_are(tmp_path: Path) -> None:
    found = read_edges(written(tmp_path, b"\xef\xbb\xbfsource,target\r\n0,1\r\n\r\n 4 ,2\r\n"), 5)
    assert found.ends.tolist() == [[0, 1], [4, 2]]
    assert found.strengths is None
    assert found.remarks == []
    found = read_edges(written(tmp_path, "source,target,strength\n"), 5)
    assert found.ends.shape == (0, 2)
    assert found.strengths is not None
    assert network_from_edges(found.ends, found.strengths, 5, 0.5, 1).offsets.tolist() == [0] * 6


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["ties.csv", "the file is empty"]),
        ("a,b\nx,y\n", ["ties.csv:1: not the header of an edge list: no column source", "network.source_column"]),
        ("source,b\nx,y\n", ["ties.csv:1", "no column target", "found source, b"]),
        ("source,target\n0,1\n0\n", ["ties.csv:3", "wrong length", "1 cells"]),
        ("source,target\n0,\n", ["ties.csv:2: target: empty"]),
        ("source,target,strength\n0,1,Strong\n", ["ties.csv:2: strength", "'Strong'", "'strong' or 'weak'"]),
        ("source,target,strength\n0,1,weak\n1,0,strong\n", ["ties.csv:3: strength", "another strength in line 2"]),
        ("source,target\na,b\nc,d\ne,f\n", ["6 ids", "at most 5", "market: {customers: 6}"]),
        ("source,target\n0,1\n2\n3\n", ["ties.csv:3", "ties.csv:4"]),
    ],
)
def test_every_fault_is_told_with_its_line(tmp_path: Path, text: str, parts: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_edges(written(tmp_path, text), 5)
    assert all(part in str(caught.value) for part in parts), str(caught.value)
    assert caught.value.exit_status == 2


def test_a_weight_that_is_no_number_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"ties\.csv:3: weight: not a number; found 'much'"):
        read_edges(written(tmp_path, "source,target,weight\n0,1,2\n1,2,much\n"), 5, strong_from=1.0)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        read_edges(tmp_path / "none.csv", 5)


def test_ids_are_numbered_in_their_own_order(tmp_path: Path) -> None:
    """By size where all are numbers, by letters otherwise, whatever the order of the ties."""
    assert read_edges(written(tmp_path, "source,target\n100,20\n3,100\n"), 3).ends.tolist() == [[2, 1], [0, 2]]
    found = read_edges(written(tmp_path, "from,to\nEve,Ann\nBob,Eve\n"), 10)
    assert found.ends.tolist() == [[2, 0], [1, 2]]
    assert found.remarks == [
        "3 ids are numbered in their order: 'Ann' is person 0, 'Eve' person 2; 7 of 10 people have no ties"
    ]


def test_ties_to_oneself_are_left_aside_and_said(tmp_path: Path) -> None:
    found = read_edges(written(tmp_path, "source,target\n3,3\n0,1\n"), 5)
    assert found.ends.tolist() == [[0, 1]]
    assert found.remarks == ["1 tie of a person to itself is left aside"]


def test_gephi_columns_are_found_by_name_and_others_named() -> None:
    file = CASES / "gephi_edges.csv"
    found = read_edges(file, 34)
    assert len(found.ends) == 78
    assert found.ends.max() == 33
    assert found.strengths is None
    assert found.remarks == [
        "weights ('Weight') are left aside: market.network.strong_from says from which on a tie is strong"
    ]
    shown = "\n".join(describe(file, "edges").lines())
    assert "source = 'Source', target = 'Target'" in shown
    assert "left aside  columns 'Type', 'Id', 'Label', 'timeset' and 'Weight'" in shown
    strong = read_edges(file, 34, strong_from=4.0)
    weights = [float(line.split(",")[-1]) for line in file.read_text().splitlines()[1:]]
    assert strong.strengths.tolist() == [weight >= 4.0 for weight in weights]


def test_ids_that_are_text_become_people() -> None:
    found = read_edges(CASES / "text_ids.csv", 77)
    assert len(found.ends) == 254
    assert np.unique(found.ends).tolist() == list(range(77))
    assert "'C-1000' is person 0, 'C-1532' person 76; 0 of 77 people have no ties" in found.remarks[0]


@pytest.mark.parametrize(
    "text",
    [
        "# Directed graph (each unordered pair once): web.txt\n# Nodes: 4 Edges: 3\n# FromNodeId\tToNodeId\n"
        "0\t1\n0\t2\n3\t0\n",
        "0 1 {}\n0 2 {}\n3 0 {}\n",
        "0 1 {'weight': 3}\n0 2 {'weight': 1, 'since': 2}\n3 0 {}\n",
        "0 1\n0 2\n3 0\n",
        '"Source";"Target"\r\n"0";"1"\r\n"0";"2"\r\n"3";"0"\r\n',
        ",node1,node2\n0,0,1\n1,0,2\n2,3,0\n",
        "source,target\n0,1\n0,2\n3,0\n".encode("utf-16"),
    ],
    ids=["snap", "networkx", "networkx data", "plain", "spreadsheet", "pandas", "utf-16"],
)
def test_exports_of_other_programs_give_the_same_ties(tmp_path: Path, text: str | bytes) -> None:
    assert read_edges(written(tmp_path, text), 4).ends.tolist() == [[0, 1], [0, 2], [3, 0]]


def test_what_networkx_writes_is_read(tmp_path: Path) -> None:
    graph = networkx.karate_club_graph()
    file = tmp_path / "ties.csv"
    networkx.to_pandas_edgelist(graph).to_csv(file, index=False)
    wanted = {frozenset(pair) for pair in graph.edges}
    assert {frozenset(pair) for pair in read_edges(file, 34).ends.tolist()} == wanted
    networkx.write_weighted_edgelist(graph, file)
    found = read_edges(file, 34, strong_from=3.0)
    assert {frozenset(pair) for pair in found.ends.tolist()} == wanted
    strong = {frozenset(pair) for pair, heavy in zip(found.ends.tolist(), found.strengths, strict=True) if heavy}
    assert strong == {frozenset(pair) for pair in graph.edges if graph.edges[pair]["weight"] >= 3}


@pytest.mark.parametrize("delimiter", [" ", ",", "\t"])
@pytest.mark.parametrize("names", [int, "user_{}".format])
def test_adjacency_lists_of_networkx_are_read(tmp_path: Path, delimiter: str, names: Callable[[int], Any]) -> None:
    graph = networkx.relabel_nodes(networkx.karate_club_graph(), {i: names(i) for i in range(34)})
    file = tmp_path / "ties.adjlist"
    networkx.write_adjlist(graph, file, delimiter=delimiter)
    found = read_edges(file, 34)
    order = sorted(map(str, graph.nodes), key=int if names is int else None)
    wanted = {frozenset(order.index(str(node)) for node in pair) for pair in graph.edges}
    assert {frozenset(pair) for pair in found.ends.tolist()} == wanted
    assert len(found.ends) == 78
    assert any("an adjacency list, in each row a person and whom" in sentence for _, sentence in found.facts)


def test_sparse_adjacency_lists_are_read(tmp_path: Path) -> None:
    """Whoever has nobody more to name stands alone in its row."""
    assert read_edges(written(tmp_path, "0 1\n1 2\n2\n3\n"), 4).ends.tolist() == [[0, 1], [1, 2]]


def test_cells_behind_the_ends_are_said(tmp_path: Path) -> None:
    file = written(tmp_path, "1 2 1 1082040961\n2 3 1 1082155839\n")
    assert "the first two cells are the ends, 2 more are left aside" in dict(read_edges(file, 5).facts)["file"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,1,1\n1,0,0\n1,0,0\n", "an adjacency matrix, which is not read"),
        ("0 2\n1 {'weight': 4}\n2 {'weight': 5}\n1 0\n2 0\n", "an adjacency list over several lines, which is not"),
    ],
)
def test_other_forms_of_networks_say_what_to_write(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as caught:
        read_edges(written(tmp_path, text), 5)
    assert "to_pandas_edgelist" in str(caught.value)


def test_a_tie_that_stands_twice_is_strong_where_one_of_its_weights_is(tmp_path: Path) -> None:
    found = read_edges(written(tmp_path, "source,target,weight\n0,1,1\n1,0,5\n1,2,1\n"), 3, strong_from=5.0)
    assert found.strengths.tolist() == [True, True, False]


def test_columns_are_named_by_settings(tmp_path: Path) -> None:
    file = written(tmp_path, "who,whom,close\n0,1,0.5\n1,2,2.5\n")
    found = read_edges(
        file, 3, TableSettings(columns={"source": "who", "target": "whom", "weight": "close"}), strong_from=1.0
    )
    assert found.ends.tolist() == [[0, 1], [1, 2]]
    assert found.strengths.tolist() == [False, True]
    with pytest.raises(ScenarioError, match=r"ties\.csv:1: whomm: no such column; did you mean whom"):
        read_edges(file, 3, TableSettings(columns={"source": "who", "target": "whomm"}))


def test_settings_of_tables_hold_for_ties_too(tmp_path: Path) -> None:
    """On the command line and in a scenario. Those that ties have no use for are refused; nothing was said of them."""
    text = "made in 2026\n\nwho|Größe|whom\nAnn|1.500|Bob\nBob|0,5|Eve\n".encode("utf-16-le")
    file = written(tmp_path, text)
    said = "encoding=utf-16-le; separator=bar; header=3; decimal=comma; columns.weight=Größe"
    scenario = f"""
    market:
      customers: 3
      network: {{kind: edges, file: ties.csv, source_column: who, target_column: whom, strong_from: 2, read: "{said}"}}
    """
    loaded = load_text(scenario, base_dir=tmp_path)
    found = edges_of(loaded.scenario.market.network, 3, tmp_path)
    assert found.ends.tolist() == [[0, 1], [1, 2]]
    assert found.strengths.tolist() == [True, False]
    with pytest.raises(ScenarioError) as caught:
        describe(file, "edges", TableSettings(missing=[99], unit="days", columns={"source": "who", "tenure": "x"}))
    told = [str(problem) for problem in caught.value.problems]
    assert [line.partition(":")[0] for line in told] == ["unit", "missing", "columns.tenure"]
    with pytest.raises(ScenarioError, match=r"market\.network\.read"):
        load_text(scenario.replace("separator=bar", "separator=dot"), base_dir=tmp_path)


def test_validate_reads_what_run_would_read(tmp_path: Path) -> None:
    written(tmp_path, "source,target\nAnn,Bob\nBob\nEve,\n")
    text = "market: {customers: 5, network: {kind: edges, file: ties.csv}}\n"
    with pytest.raises(ScenarioError) as caught:
        load_text(text, base_dir=tmp_path)
    assert "ties.csv:3" in str(caught.value)
    assert "ties.csv:4: target: empty" in str(caught.value)
    written(tmp_path, "source,target\nAnn,Bob\n")
    loaded = load_text(text, base_dir=tmp_path)
    assert any("'Ann' is person 0" in str(warning) for warning in loaded.warnings)


def test_a_network_of_pajek(tmp_path: Path) -> None:
    file = tmp_path / "a.net"
    file.write_text(
        '*Network club\n% members\n*Vertices 4\n1 "Ann" 0.1 0.2\n2 Bob\n3\n4 "Eve"\n*Arcs\n1 2 1.5\n*Edges\n2 3 0.5\n',
        encoding="utf-8",
    )
    found = read_edges(file, 4, strong_from=1.0)  # ids in their order: 3, Ann, Bob
    assert found.ends.tolist() == [[1, 2], [2, 0]]
    assert found.strengths is not None
    assert found.strengths.tolist() == [True, False]
    assert found.lines.tolist() == [9, 11]
    assert "1 of 4 people have no ties" in found.remarks[0]
    file.write_text("*Vertices 2\n1 a\n2 b\n*Matrix\n0 1\n1 0\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"a.net:4: a list of Pajek that is not read"):
        read_edges(file, 4)


@pytest.mark.parametrize("data", [True, False, "weighted"])
def test_what_networkx_writes_of_names_is_read(tmp_path: Path, data: bool | str) -> None:
    """A list without a header whose ends are texts: what stands behind them shows that its first line is a tie."""
    graph = networkx.relabel_nodes(networkx.path_graph(4), {i: f"user_{i}" for i in range(4)})
    networkx.set_edge_attributes(graph, 2.5, "weight")
    file = tmp_path / "ties.edgelist"
    if data == "weighted":
        networkx.write_weighted_edgelist(graph, file)
    else:
        networkx.write_edgelist(graph, file, data=data)
    if not data:  # two texts may as well be names of columns
        with pytest.raises(ScenarioError, match="not the header of an edge list"):
            read_edges(file, 4)
        return
    found = read_edges(file, 4)
    assert found.ends.tolist() == [[0, 1], [1, 2], [2, 3]]
    assert "'user_0' is person 0" in found.remarks[0]


@pytest.mark.parametrize("text", ["<?xml version='1.0'?>\n<graphml>\n", "graph [\n  node [\n", "Id,Label\na,A\nb,B\n"])
def test_files_of_graphs_that_are_no_lists_say_what_to_export(tmp_path: Path, text: str) -> None:
    file = tmp_path / "graph.txt"
    file.write_text(text)
    with pytest.raises(ScenarioError, match="Gephi exports its edges as CSV, networkx by to_pandas_edgelist"):
        read_edges(file, 4)
