"""The short form of quote_accuracy.py: a hundred sentences of each kind."""

import quote_accuracy
import pytest


@pytest.mark.skipif(not all((quote_accuracy.CORPUS / f"{name}.tar.xz").exists() for name in quote_accuracy.SETS),
                    reason="../shared/corpus is not there")
def test_quotes_of_the_corpus_are_found_and_others_are_not(tmp_path):
    server = quote_accuracy.Server(tmp_path)
    try:
        assert quote_accuracy.measure(server, count=100, seed=2, show=5)
    finally:
        assert server.stop() == 0
