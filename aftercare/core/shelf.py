"""One's own products: what each holds, and what that means under the plans.

A product with a label is read; one without is recognised by its name.
"""

from datetime import datetime

from aftercare.core.label import Label, read_label
from aftercare.core.model import Product
from aftercare.core.value import Value
from aftercare.core.verdict import Verdict, can_i, label_verdict, lexicons_of, recognise_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aftercare.core.model import Plan


class OnShelf(Value):
    """A product, what was read on its label (None without one), and the verdict on it."""

    product: Product
    label: Label | None
    verdict: Verdict


def shelf(products: "Iterable[Product]", plans: "Sequence[Plan]", at: datetime) -> "list[OnShelf]":
    """Return each product with its verdict at `at` (aware), in the order given."""
    lexicons = lexicons_of(plans)
    found = []
    for product in products:
        if product.label:
            label = read_label(product.label, lexicons[0])
            found.append(OnShelf(product, label, label_verdict(label, plans, at)))
        else:
            recognition = recognise_in(product.name, lexicons)
            found.append(OnShelf(product, None, can_i(recognition, plans, at)))
    return found
