"""
Which search is used, by its name.

Those that need a package that is not always installed are imported here, when they are asked for, and nowhere else.
"""

from __future__ import annotations

from pkgutil import resolve_name

from proposals.retrieval.retriever import RetrieverClass

RETRIEVERS = {
    "bm25": "proposals.retrieval.bm25:Bm25Retriever",
    "embeddings": "proposals.retrieval.embeddings:EmbeddingRetriever",
    "hybrid": "proposals.retrieval.hybrid:HybridRetriever",
}


def find_retriever(name: str) -> RetrieverClass:
    """
    Return a search, to be made from passages.

    Raises:
        KeyError: there is none of that name.
        ImportError: it needs `requirements-embeddings.txt`.
    """
    found: RetrieverClass = resolve_name(RETRIEVERS[name])
    return found
