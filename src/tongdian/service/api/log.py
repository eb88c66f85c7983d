"""The transparency log for anyone, without a key: heads, inclusion, consistency."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router

from tongdian.service.api.problems import problem
from tongdian.service.api.schemas_proof import ConsistencyOut, HeadOut, InclusionOut
from tongdian.service.casework.receipts import consistency_of, head_of_size, inclusion_of
from tongdian.service.casework.sequencer import signing_key

router = Router(tags=["log"])
BIG = 2**53


def _outside(error: ValueError) -> HttpResponse:
    return problem("outside-the-log", f"请先读取最新树头。 Read the latest head first: {error}")


@router.get(
    "/log/head",
    response={200: HeadOut},
    operation_id="tree_head",
    summary="最新签名树头 / The latest signed tree head",
)
def tree_head(
    request: HttpRequest, tree_size: Annotated[int | None, Query(ge=1, lt=BIG)] = None
) -> HttpResponse:
    """With `tree_size` the head of that size, when one was signed."""
    head = head_of_size(tree_size)
    if head is None:
        return problem("no-tree-head")
    return JsonResponse({**head.to_dict(), "public_key": signing_key().public_bytes.hex()})


@router.get(
    "/log/inclusion",
    response={200: InclusionOut},
    operation_id="inclusion_proof",
    summary="包含证明 / Inclusion proof",
)
def inclusion(
    request: HttpRequest,
    leaf_index: Annotated[int, Query(ge=0, lt=BIG)],
    tree_size: Annotated[int, Query(ge=1, lt=BIG)],
) -> HttpResponse:
    """That the leaf stands in the tree of `tree_size`."""
    try:
        path = inclusion_of(leaf_index, tree_size)
    except ValueError as error:
        return _outside(error)
    hashes = [part.hex() for part in path]
    return JsonResponse({"leaf_index": leaf_index, "tree_size": tree_size, "path": hashes})


@router.get(
    "/log/consistency",
    response={200: ConsistencyOut},
    operation_id="consistency_proof",
    summary="一致性证明 / Consistency proof",
)
def consistency(
    request: HttpRequest,
    first: Annotated[int, Query(ge=1, lt=BIG)],
    second: Annotated[int, Query(ge=1, lt=BIG)],
) -> HttpResponse:
    """That the tree of `second` leaves only added to that of `first`."""
    try:
        path = consistency_of(first, second)
    except ValueError as error:
        return _outside(error)
    return JsonResponse({"first": first, "second": second, "path": [part.hex() for part in path]})
