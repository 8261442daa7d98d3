"""The folder of a study: a ledger and shards of rows that lose nothing."""
