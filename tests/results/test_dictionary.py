from sim.results.dictionary import columns, data_dictionary


def test_every_column_of_every_table_is_in_the_dictionary(result):
    dictionary = data_dictionary(result)
    known = {(row.table, row.column) for row in dictionary.itertuples()}
    tables = {
        "series": result.series.columns,
        "survival": result.survival.columns,
        "iceberg": ["entry", *result.iceberg.columns],
        "census": result.census.columns,
        "panel": result.panel.columns,
        "summary": [*result.summary.index, *result.summary.columns],
    }
    assert {(table, name) for table, names in tables.items() for name in names} == known


def test_every_column_has_a_unit_and_a_meaning(result):
    dictionary = data_dictionary(result)
    assert dictionary["meaning"].str.strip().all()
    assert dictionary["unit"].str.strip().all()
    assert not dictionary.duplicated(["table", "column"]).any()


def test_money_is_called_by_its_name():
    assert {row.unit for row in columns("EUR") if row.column == "revenue"} == {"EUR"}
