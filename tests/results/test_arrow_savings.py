import subprocess
import sys


def test_arrow_without_its_help_does_the_same_and_tells_later_what_it_told():
    code = (
        "from sim.results.arrow_savings import load_arrow_without_help; load_arrow_without_help();"
        "import pyarrow as pa, pyarrow.compute as pc; from pyarrow.vendored import docscrape;"
        "assert pc.sum(pa.array([1, 2, None])).as_py() == 3;"
        "assert pc.round(2.345, ndigits=2).as_py() == 2.35 or pc.round(2.345, ndigits=2).as_py() == 2.34;"
        "assert docscrape.NumpyDocString('A\\n\\nParameters\\n----------\\nx : int\\n    What')['Parameters'];"
        "import pandas as pd; assert pd.Series(['b', 'a']).sort_values().tolist() == ['a', 'b']"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
