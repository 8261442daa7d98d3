from sim.results.dictionary import series_columns


def test_every_column_of_every_table_is_in_the_dictionary(result):
    dictionary = result.dictionary()
    known = {(row.table, row.column) for row in dictionary.itertuples()}
    tables = {
        "series": result.series.columns,
        "survival": result.survival.columns,
        "flows": result.flows.columns,
        "stage_flows": result.stage_flows.columns,
        "iceberg": ["entry", *result.iceberg.columns],
        "census": result.census.columns,
        "service_gaps": result.service_gaps.columns,
        "quality_worlds": result.quality_worlds.columns,
        "panel": result.panel.columns,
        "summary": [*result.summary.index, *result.summary.columns],
    }
    assert {(table, name) for table, names in tables.items() for name in names} == known


def test_every_column_has_a_unit_and_a_meaning(result):
    dictionary = result.dictionary()
    assert dictionary["meaning"].str.strip().all()
    assert dictionary["unit"].str.strip().all()
    assert not dictionary.duplicated(["table", "column"]).any()


def test_money_is_called_by_its_name():
    assert {column.unit for column in series_columns("EUR") if column.name == "revenue"} == {"EUR"}
